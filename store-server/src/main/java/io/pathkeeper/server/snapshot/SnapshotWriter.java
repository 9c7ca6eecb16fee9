package io.pathkeeper.server.snapshot;

import io.pathkeeper.server.coordination.CoordinationChange;
import io.pathkeeper.server.coordination.LockEntry;
import io.pathkeeper.server.coordination.LockState;
import io.pathkeeper.server.encoding.ByteSink;
import io.pathkeeper.server.session.Session;
import io.pathkeeper.server.state.ClientResults;
import io.pathkeeper.server.state.InvalidStateException;
import io.pathkeeper.server.state.PinnedState;
import io.pathkeeper.server.state.RevisionChanges;
import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.function.BooleanSupplier;

/**
 * Writes a pinned state into a file. The file has its name only when it is complete and on the disk: it is written under another
 * name, fsynced, renamed, and the rename is fsynced. Equal states from the same origin make equal files.
 *
 * <p>Blocks its caller for as long as it takes; holds one block in memory beside the pinned state.
 */
public final class SnapshotWriter {
    private static final String TEMPORARY_SUFFIX = ".writing";

    private final PinnedState state;
    private final BlockWriter blocks;
    private final SnapshotOutput output;
    private final ByteSink sink;
    private final ZnodeEncoder znodes;
    private final CoordinationEncoder coordination;
    private long clients;
    private long results;
    private long revisions;
    private long changes;

    private SnapshotWriter(PinnedState state, BlockWriter blocks, SnapshotOutput output) {
        this.state = state;
        this.blocks = blocks;
        this.output = output;
        this.sink = blocks.sink();
        this.znodes = new ZnodeEncoder(sink);
        this.coordination = new CoordinationEncoder(sink, znodes);
    }

    /**
     * Writes a snapshot.
     *
     * @param state what to write; applying may go on meanwhile
     * @param origin which state it is
     * @param target the file; one of that name is replaced
     * @param temporaryDirectory where the unfinished file stands, on the same file system as the target
     * @param cancelled is asked at least once for each block; when it says yes, writing ends and nothing is left
     * @return what was written
     * @throws SnapshotCancelledException when it was cancelled
     * @throws InvalidStateException when an ephemeral znode has no session; nothing is left then
     * @throws IOException when the disk refuses; nothing is left then, as far as the disk allows
     */
    public static SnapshotSummary write(
            PinnedState state, SnapshotOrigin origin, Path target, Path temporaryDirectory, BooleanSupplier cancelled)
            throws IOException {
        Path temporary = temporaryDirectory.resolve(target.getFileName() + TEMPORARY_SUFFIX);
        boolean finished = false;
        try {
            SnapshotSummary summary = writeTemporary(state, origin, target, temporary, cancelled);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            finished = true;
            syncDirectoryOf(target);
            return summary;
        } finally {
            if (!finished) {
                Files.deleteIfExists(temporary);
            }
        }
    }

    /**
     * Deletes what unfinished writing left in a directory, as after a crash. To be called while nothing is written there.
     *
     * @return number of deleted files
     */
    public static int deleteLeftovers(Path temporaryDirectory) throws IOException {
        int deleted = 0;
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(temporaryDirectory, "*" + TEMPORARY_SUFFIX)) {
            for (Path leftover : leftovers) {
                Files.delete(leftover);
                deleted++;
            }
        }
        return deleted;
    }

    private static SnapshotSummary writeTemporary(
            PinnedState state, SnapshotOrigin origin, Path target, Path temporary, BooleanSupplier cancelled)
            throws IOException {
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            SnapshotOutput output = new SnapshotOutput(channel, target, cancelled);
            SnapshotHeader header = SnapshotHeader.of(origin, state);
            byte[] headerBytes = header.toBytes();
            output.write(headerBytes, 0, headerBytes.length);
            SnapshotCounts counts;
            long rawBytes;
            try (BlockWriter blocks = new BlockWriter(output)) {
                counts = new SnapshotWriter(state, blocks, output).writeSections();
                rawBytes = blocks.rawBytes();
            }
            channel.force(true);
            return new SnapshotSummary(target, header, counts, rawBytes, output.position(), output.md5());
        }
    }

    private SnapshotCounts writeSections() throws IOException {
        writeSessions();
        writeLocks();
        writeZnodes();
        writeClients();
        writeHistory();
        TreeView view = state.view();
        SnapshotCounts counts =
                new SnapshotCounts(view.znodeCount(), view.dataBytes(), clients, results, revisions, changes);
        writeTrailer(counts);
        return counts;
    }

    private void writeSessions() throws IOException {
        if (state.nextSessionId() == 1) {
            return;
        }
        begin(SnapshotFormat.SECTION_SESSIONS);
        sink.putVarint(state.nextSessionId());
        sink.putVarint(state.sessions().size());
        endRecord();
        for (Session session : state.sessions()) {
            coordination.session(session);
            endRecord();
        }
        blocks.endBlock();
    }

    private void writeLocks() throws IOException {
        begin(SnapshotFormat.SECTION_LOCKS);
        for (LockState lock : state.locks()) {
            coordination.lock(lock);
            endRecord();
            for (LockEntry holder : lock.holders()) {
                coordination.entry(holder);
                endRecord();
            }
            for (LockEntry waiter : lock.waiters()) {
                coordination.entry(waiter);
                endRecord();
            }
        }
        blocks.endBlock();
    }

    /** No file is written of a state that contradicts itself: every ephemeral znode has its session. */
    private void requireOwner(TreeView.Entry entry) {
        long owner = entry.znode().ownerSession();
        if (entry.znode().kind() == ZnodeKind.EPHEMERAL && !state.hasSession(owner)) {
            throw new InvalidStateException(entry.path() + " belongs to session " + owner + ", which is over");
        }
    }

    private void writeZnodes() throws IOException {
        begin(SnapshotFormat.SECTION_ZNODES);
        Iterator<TreeView.Entry> entries = state.view().scan(ZnodePath.ROOT);
        while (entries.hasNext()) {
            TreeView.Entry entry = entries.next();
            requireOwner(entry);
            znodes.path(entry.path());
            znodes.znode(entry.znode());
            endRecord();
        }
        blocks.endBlock();
    }

    private void writeClients() throws IOException {
        begin(SnapshotFormat.SECTION_CLIENTS);
        ResultEncoder encoder = new ResultEncoder(sink, znodes);
        Iterator<ClientResults> remembered = state.clients();
        while (remembered.hasNext()) {
            ClientResults client = remembered.next();
            sink.putText(client.clientId());
            sink.putVarint(client.floor());
            sink.putZigzag(client.lastUsedMillis());
            sink.putVarint(client.results().size());
            clients++;
            endRecord();
            for (ClientResults.NumberedResult numbered : client.results()) {
                sink.putVarint(numbered.sequence());
                encoder.result(numbered.result());
                results++;
                endRecord();
            }
        }
        blocks.endBlock();
    }

    private void writeHistory() throws IOException {
        begin(SnapshotFormat.SECTION_HISTORY);
        ChangeEncoder encoder = new ChangeEncoder(sink, znodes);
        for (RevisionChanges revision : state.history()) {
            sink.putVarint(revision.revision());
            sink.putZigzag(revision.clusterMillis());
            sink.putVarint(
                    (long) revision.changes().size() + revision.coordination().size());
            revisions++;
            endRecord();
            for (TreeChange change : revision.changes()) {
                encoder.change(change);
                changes++;
                endRecord();
            }
            for (CoordinationChange change : revision.coordination()) {
                coordination.change(change);
                changes++;
                endRecord();
            }
        }
        blocks.endBlock();
    }

    private void writeTrailer(SnapshotCounts counts) throws IOException {
        long position = output.position();
        int checksum = output.checksum();
        begin(SnapshotFormat.SECTION_TRAILER);
        sink.putVarint(counts.znodes());
        sink.putVarint(counts.dataBytes());
        sink.putVarint(counts.clients());
        sink.putVarint(counts.results());
        sink.putVarint(counts.revisions());
        sink.putVarint(counts.changes());
        sink.putFixed64(state.digest());
        sink.putFixed64(position);
        sink.putFixed32(checksum);
        endRecord();
        blocks.endBlock();
    }

    private void begin(int section) {
        blocks.begin(section);
        znodes.reset();
    }

    private void endRecord() throws IOException {
        if (blocks.endRecord()) {
            znodes.reset();
        }
    }

    private static void syncDirectoryOf(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IOException("snapshot " + file + " has no directory to stand in");
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
