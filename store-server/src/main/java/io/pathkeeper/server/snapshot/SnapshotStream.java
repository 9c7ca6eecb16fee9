package io.pathkeeper.server.snapshot;

import io.pathkeeper.server.coordination.CoordinationChange;
import io.pathkeeper.server.coordination.LockEntry;
import io.pathkeeper.server.encoding.ByteSink;
import io.pathkeeper.server.state.ClientResults;
import io.pathkeeper.server.state.InvalidStateException;
import io.pathkeeper.server.state.PinnedState;
import io.pathkeeper.server.state.RevisionChanges;
import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/**
 * The bytes of a snapshot of a pinned state, about a block at each step, so that whoever takes them may pause between two steps for as long as
 * it likes. Equal states from the same origin make equal bytes. Of one thread at a time; holds one block beside the pinned state.
 */
public final class SnapshotStream implements AutoCloseable {
    private record Section(int number, Supplier<Iterator<Runnable>> records) {}

    private final PinnedState state;
    private final SnapshotHeader header;
    private final SnapshotBytes out;
    private final BlockWriter blocks;
    private final ByteSink sink;
    private final ZnodeEncoder znodes;
    private final CoordinationEncoder coordination;
    private final ResultEncoder resultEncoder;
    private final ChangeEncoder changeEncoder;
    private final Iterator<Section> sections;
    private Iterator<Runnable> records = Records.none();
    private boolean headed;
    private boolean complete;
    private long clients;
    private long results;
    private long revisions;
    private long changes;

    /**
     * Makes it; nothing is written yet.
     *
     * @param state what to write; applying may go on meanwhile
     * @param origin which state it is
     * @param target where the bytes go
     */
    public SnapshotStream(PinnedState state, SnapshotOrigin origin, OutputStream target) {
        this.state = state;
        header = SnapshotHeader.of(origin, state);
        out = new SnapshotBytes(target);
        blocks = new BlockWriter(out);
        sink = blocks.sink();
        znodes = new ZnodeEncoder(sink);
        coordination = new CoordinationEncoder(sink, znodes);
        resultEncoder = new ResultEncoder(sink, znodes);
        changeEncoder = new ChangeEncoder(sink, znodes);
        sections = List.of(
                        new Section(SnapshotFormat.SECTION_SESSIONS, this::sessions),
                        new Section(SnapshotFormat.SECTION_LOCKS, this::locks),
                        new Section(SnapshotFormat.SECTION_ZNODES, this::znodes),
                        new Section(SnapshotFormat.SECTION_CLIENTS, this::clients),
                        new Section(SnapshotFormat.SECTION_HISTORY, this::history))
                .iterator();
    }

    /**
     * Writes on: the header, or a block, or, at the ends of sections, a few small blocks.
     *
     * @return false when the snapshot is complete
     * @throws InvalidStateException when an ephemeral znode has no session; what was written is no snapshot then
     * @throws IOException when the target refuses
     */
    public boolean writeOn() throws IOException {
        if (complete) {
            return false;
        }
        if (!headed) {
            headed = true;
            byte[] bytes = header.toBytes();
            out.write(bytes, 0, bytes.length);
            return true;
        }
        while (records.hasNext()) {
            records.next().run();
            if (blocks.endRecord()) {
                znodes.reset();
                return true;
            }
        }
        blocks.endBlock();
        if (sections.hasNext()) {
            Section next = sections.next();
            begin(next.number());
            records = next.records().get();
        } else {
            writeTrailer(counts());
            complete = true;
        }
        return !complete;
    }

    /** What stands at the beginning. */
    public SnapshotHeader header() {
        return header;
    }

    /** How much of everything was written; all of it when the snapshot is complete. */
    public SnapshotCounts counts() {
        TreeView view = state.view();
        return new SnapshotCounts(view.znodeCount(), view.dataBytes(), clients, results, revisions, changes);
    }

    /** Size of the blocks so far before compression. */
    public long rawBytes() {
        return blocks.rawBytes();
    }

    /** Number of bytes written so far. */
    public long position() {
        return out.position();
    }

    private void begin(int section) {
        blocks.begin(section);
        znodes.reset();
    }

    private Iterator<Runnable> sessions() {
        if (state.nextSessionId() == 1) {
            return Records.none();
        }
        return Records.headed(
                () -> {
                    sink.putVarint(state.nextSessionId());
                    sink.putVarint(state.sessions().size());
                },
                Records.each(state.sessions().iterator(), coordination::session));
    }

    private Iterator<Runnable> locks() {
        return Records.flat(
                state.locks().iterator(),
                lock -> Records.headed(
                        () -> coordination.lock(lock),
                        Records.chain(entries(lock.holders()), entries(lock.waiters()))));
    }

    private Iterator<Runnable> entries(List<LockEntry> entries) {
        return Records.each(entries.iterator(), coordination::entry);
    }

    private Iterator<Runnable> znodes() {
        return Records.each(state.view().scan(ZnodePath.ROOT), entry -> {
            requireOwner(entry);
            znodes.path(entry.path());
            znodes.znode(entry.znode());
        });
    }

    /** Nothing is written of a state that contradicts itself: every ephemeral znode has its session. */
    private void requireOwner(TreeView.Entry entry) {
        long owner = entry.znode().ownerSession();
        if (entry.znode().kind() == ZnodeKind.EPHEMERAL && !state.hasSession(owner)) {
            throw new InvalidStateException(entry.path() + " belongs to session " + owner + ", which is over");
        }
    }

    private Iterator<Runnable> clients() {
        return Records.flat(
                state.clients(),
                client -> Records.headed(
                        () -> client(client), Records.each(client.results().iterator(), this::result)));
    }

    private void client(ClientResults client) {
        sink.putText(client.clientId());
        sink.putVarint(client.floor());
        sink.putZigzag(client.lastUsedMillis());
        sink.putVarint(client.results().size());
        clients++;
    }

    private void result(ClientResults.NumberedResult numbered) {
        sink.putVarint(numbered.sequence());
        resultEncoder.result(numbered.result());
        results++;
    }

    private Iterator<Runnable> history() {
        return Records.flat(
                state.history().iterator(),
                revision -> Records.headed(
                        () -> revision(revision),
                        Records.chain(
                                Records.each(revision.changes().iterator(), this::ofTree),
                                Records.each(revision.coordination().iterator(), this::ofCoordination))));
    }

    private void revision(RevisionChanges revision) {
        sink.putVarint(revision.revision());
        sink.putZigzag(revision.clusterMillis());
        sink.putVarint(
                (long) revision.changes().size() + revision.coordination().size());
        revisions++;
    }

    private void ofTree(TreeChange change) {
        changeEncoder.change(change);
        changes++;
    }

    private void ofCoordination(CoordinationChange change) {
        coordination.change(change);
        changes++;
    }

    private void writeTrailer(SnapshotCounts counts) throws IOException {
        long position = out.position();
        int checksum = out.checksum();
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
        blocks.endRecord();
        blocks.endBlock();
    }

    @Override
    public void close() {
        blocks.close();
    }
}
