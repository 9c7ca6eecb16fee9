package io.pathkeeper.server.snapshot;

import io.pathkeeper.server.coordination.CoordinationChange;
import io.pathkeeper.server.encoding.ByteSource;
import io.pathkeeper.server.encoding.CorruptBytesException;
import io.pathkeeper.server.state.ClientResults;
import io.pathkeeper.server.state.InvalidStateException;
import io.pathkeeper.server.state.RevisionChanges;
import io.pathkeeper.server.state.StateLimits;
import io.pathkeeper.server.state.StateRestorer;
import io.pathkeeper.server.state.StoreState;
import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.ZnodePath;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a snapshot into a state and believes nothing: every block's checksum, the order and number of everything, the checksum of
 * the whole file, and the digest of the restored state must be what the writer stored. Limits on values and paths are not checked
 * again. Blocks its caller; holds one block in memory beside the state.
 */
public final class SnapshotReader {
    private final SnapshotInput input;
    private final StateRestorer restorer;
    private final ZnodeDecoder znodeDecoder = new ZnodeDecoder();
    private final ResultDecoder resultDecoder = new ResultDecoder(znodeDecoder);
    private final ChangeDecoder changeDecoder = new ChangeDecoder(znodeDecoder);
    private final CoordinationSections coordination;
    private long znodes;
    private long dataBytes;
    private long clients;
    private long results;
    private long revisions;
    private long changes;

    /** The client or the revision whose results or changes are still coming. */
    private @Nullable PendingClient client;

    private @Nullable PendingRevision revision;

    private record PendingClient(ClientResults facts, int expected, List<ClientResults.NumberedResult> results) {}

    private record PendingRevision(
            RevisionChanges facts, int expected, List<TreeChange> ofTree, List<CoordinationChange> ofCoordination) {
        boolean isComplete() {
            return ofTree.size() + ofCoordination.size() == expected;
        }

        RevisionChanges complete() {
            return new RevisionChanges(
                    facts.revision(), facts.clusterMillis(), List.copyOf(ofTree), List.copyOf(ofCoordination));
        }
    }

    private record Trailer(SnapshotCounts counts, long digest, long position, int checksum) {}

    private SnapshotReader(SnapshotInput input, StateLimits limits) {
        this.input = input;
        this.restorer = new StateRestorer(limits);
        this.coordination = new CoordinationSections(restorer, new CoordinationDecoder(znodeDecoder));
    }

    /**
     * Reads a whole snapshot.
     *
     * @param file the file
     * @param limits limits of the state from now on
     * @return the state and what is known about it
     * @throws SnapshotFormatException when anything in the file is not as it was written
     * @throws SnapshotVersionException when it was written by a newer release
     * @throws IOException when the file cannot be read
     */
    public static RestoredSnapshot read(Path file, StateLimits limits) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new SnapshotReader(new SnapshotInput(file, channel), limits).read();
        }
    }

    /**
     * Reads a whole snapshot that is a stretch of a file, from {@code start} on to before {@code end}; otherwise like {@link #read(Path,
     * StateLimits)}.
     */
    public static RestoredSnapshot read(Path file, long start, long end, StateLimits limits) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new SnapshotReader(new SnapshotInput(file, channel, start, end), limits).read();
        }
    }

    private RestoredSnapshot read() throws IOException {
        SnapshotHeader header = SnapshotHeader.read(input);
        long position = 0;
        try (BlockReader blocks = new BlockReader(input)) {
            restorer.header(header.revision(), header.clock(), header.historyStart());
            BlockReader.Block block = blocks.next();
            while (block.section() != SnapshotFormat.SECTION_TRAILER) {
                position = block.position();
                readBlock(block);
                block = blocks.next();
            }
            position = block.position();
            Trailer trailer = readTrailer(block);
            requireTrailer(trailer, header, block);
            StoreState state = restorer.finish();
            requireState(trailer, header, state, position);
            return new RestoredSnapshot(header, trailer.counts(), state);
        } catch (InvalidStateException e) {
            throw new SnapshotFormatException(input.file(), position, String.valueOf(e.getMessage()), e);
        }
    }

    private void readBlock(BlockReader.Block block) throws IOException {
        ByteSource source = block.source();
        znodeDecoder.reset();
        try {
            for (int i = 0; i < block.records(); i++) {
                switch (block.section()) {
                    case SnapshotFormat.SECTION_SESSIONS -> coordination.readSession(source);
                    case SnapshotFormat.SECTION_LOCKS -> coordination.readLock(source);
                    case SnapshotFormat.SECTION_ZNODES -> readZnode(source);
                    case SnapshotFormat.SECTION_CLIENTS -> readClient(source);
                    default -> readRevision(source);
                }
            }
            source.requireEnd();
        } catch (CorruptBytesException e) {
            throw corrupt(block, e);
        }
    }

    private void readZnode(ByteSource source) throws CorruptBytesException {
        ZnodePath path = znodeDecoder.path(source);
        var znode = znodeDecoder.znode(path, source);
        restorer.znode(path, znode);
        znodes++;
        dataBytes += znode.value().length;
    }

    private void readClient(ByteSource source) throws CorruptBytesException {
        PendingClient pending = client;
        if (pending == null) {
            ClientResults facts =
                    new ClientResults(source.getText("client id"), source.getVarint(), source.getZigzag(), List.of());
            int expected = source.getInt(Integer.MAX_VALUE, "number of results");
            pending = new PendingClient(facts, expected, new ArrayList<>());
            client = pending;
            clients++;
        } else {
            long sequence = source.getVarint();
            pending.results().add(new ClientResults.NumberedResult(sequence, resultDecoder.result(source)));
            results++;
        }
        if (pending.results().size() == pending.expected()) {
            ClientResults facts = pending.facts();
            restorer.client(new ClientResults(
                    facts.clientId(), facts.floor(), facts.lastUsedMillis(), List.copyOf(pending.results())));
            client = null;
        }
    }

    private void readRevision(ByteSource source) throws CorruptBytesException {
        PendingRevision pending = revision;
        if (pending == null) {
            RevisionChanges facts = new RevisionChanges(source.getVarint(), source.getZigzag(), List.of(), List.of());
            int expected = source.getInt(Integer.MAX_VALUE, "number of changes");
            pending = new PendingRevision(facts, expected, new ArrayList<>(), new ArrayList<>());
            revision = pending;
            revisions++;
        } else {
            changeDecoder.change(source, pending.ofTree(), pending.ofCoordination());
            changes++;
        }
        if (pending.isComplete()) {
            restorer.history(pending.complete());
            revision = null;
        }
    }

    private Trailer readTrailer(BlockReader.Block block) throws IOException {
        ByteSource source = block.source();
        try {
            SnapshotCounts counts = new SnapshotCounts(
                    source.getVarint(),
                    source.getVarint(),
                    source.getVarint(),
                    source.getVarint(),
                    source.getVarint(),
                    source.getVarint());
            Trailer trailer = new Trailer(counts, source.getFixed64(), source.getFixed64(), source.getFixed32());
            source.requireEnd();
            return trailer;
        } catch (CorruptBytesException e) {
            throw corrupt(block, e);
        }
    }

    private void requireTrailer(Trailer trailer, SnapshotHeader header, BlockReader.Block block)
            throws SnapshotFormatException {
        long position = block.position();
        SnapshotCounts found = new SnapshotCounts(znodes, dataBytes, clients, results, revisions, changes);
        String problem = coordination.problem();
        require(problem == null, position, String.valueOf(problem));
        require(client == null, position, "the results of a client are not complete");
        require(revision == null, position, "the changes of a revision are not complete");
        require(
                trailer.counts().equals(found),
                position,
                "the trailer tells of " + trailer.counts() + ", the file has " + found);
        require(
                header.znodeCount() == znodes,
                position,
                "the file header tells of " + header.znodeCount() + " znodes, the file has " + znodes);
        require(
                trailer.position() == position - input.start(),
                position,
                "the trailer was written at byte " + trailer.position() + " and stands elsewhere");
        require(
                trailer.checksum() == block.checksumBefore(),
                position,
                SnapshotInput.checksumProblem("whole file", trailer.checksum(), block.checksumBefore()));
        require(input.remaining() == 0, input.position(), input.remaining() + " bytes stand behind the end");
    }

    private void requireState(Trailer trailer, SnapshotHeader header, StoreState state, long position)
            throws SnapshotFormatException {
        long digest = state.digest().digest();
        require(
                digest == trailer.digest(),
                position,
                String.format("digest of the state was %016x, restored it is %016x", trailer.digest(), digest));
        require(
                state.view().revision() == header.revision(),
                position,
                "revision was " + header.revision() + ", restored it is "
                        + state.view().revision());
    }

    private void require(boolean condition, long position, String problem) throws SnapshotFormatException {
        if (!condition) {
            throw new SnapshotFormatException(input.file(), position, problem);
        }
    }

    private SnapshotFormatException corrupt(BlockReader.Block block, CorruptBytesException e) {
        return new SnapshotFormatException(
                input.file(),
                block.position(),
                e.getMessage() + ", at unpacked byte " + e.position() + " of a block of the "
                        + SnapshotFormat.sectionName(block.section()),
                e);
    }
}
