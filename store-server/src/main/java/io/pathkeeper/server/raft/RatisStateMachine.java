package io.pathkeeper.server.raft;

import io.pathkeeper.server.encoding.CorruptBytesException;
import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.metrics.RaftMeters;
import io.pathkeeper.server.snapshot.SnapshotFormatException;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.state.RevisionChanges;
import io.pathkeeper.server.state.StateDivergedException;
import io.pathkeeper.server.state.StateLimits;
import io.pathkeeper.server.state.StoreState;
import io.pathkeeper.server.store.ChangeSink;
import io.pathkeeper.server.store.StatePins;
import io.pathkeeper.server.tree.TreeView;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * Applies committed entries to the {@link StoreState}. Ratis's updater thread is the apply thread: it alone changes the state.
 *
 * <p>Whatever goes wrong here leaves a state that may be wrong, so it ends the server: Ratis by itself would go on as a server
 * that answers nothing.
 */
final class RatisStateMachine extends BaseStateMachine {
    /** What the state machine tells the rest of the node. Called on the apply thread unless said otherwise. */
    interface Events {
        void termApplied(long term);

        /** An entry was applied and published. */
        void applied(long index, long revision);

        /** The clients of these sessions asked for something in the entry that was just applied; never empty. */
        void heard(long[] sessions);

        /** The state differs from the leader's, and this server is about to stop. */
        void diverged();

        /** Another leader, or the first one; called under Ratis's lock. */
        void leaderChanged(String leaderId);

        /** This server has become a leader that is ready. */
        void leaderReady();

        /** This server does not lead any longer. */
        void notLeader();

        /** Ratis has stopped, since this server is no member any more. */
        void removed();
    }

    /** For a small store: about two seconds of applying on a machine that is short of processors. */
    private static final long LEAST_BYTES_BETWEEN_SNAPSHOTS = 32L << 20;
    /** Of a znode in a snapshot, about. */
    private static final long BYTES_BESIDE_A_VALUE = 100;

    private final RatisProposer proposer;
    private final Completions completions;
    private final ChangeSink changes;
    private final Events events;
    private final FatalHandler fatal;
    private final RaftMeters meters;
    private final Snapshots snapshots;
    private final SnapshotStore store;
    private volatile StoreState state;
    private volatile long appliedIndex = -1;
    private final long snapshotBytes;
    private volatile long entryBytes;
    private volatile boolean beganWithState;
    /** Held by the apply thread while it changes the state, and for a moment by whoever pins it. */
    private final Object applying = new Object();

    RatisStateMachine(
            NodeSettings settings,
            StateLimits limits,
            RatisProposer proposer,
            Completions completions,
            ChangeSink changes,
            Events events,
            FatalHandler fatal,
            RaftMeters meters) {
        this.proposer = proposer;
        this.completions = completions;
        this.changes = changes;
        this.events = events;
        this.fatal = fatal;
        this.meters = meters;
        this.snapshotBytes = settings.snapshotBytes();
        this.store = new SnapshotStore();
        this.snapshots = new Snapshots(settings, limits, store, meters, System::nanoTime);
        this.state = StoreState.create(limits);
    }

    /** The state; its published parts may be read from any thread. */
    StoreState state() {
        return state;
    }

    /** Name of the newest snapshot if it could not be read and is still there; else empty. Any thread. */
    String damagedSnapshot() {
        return snapshots.damaged();
    }

    /** Whether the first state was read from a snapshot of this server, not from the leader's, and not made by entries alone. Any thread. */
    boolean beganWithState() {
        return beganWithState;
    }

    /** Log index whose effects are published. Any thread. */
    long appliedIndex() {
        return appliedIndex;
    }

    /**
     * A server that starts loads the newest snapshot and applies the entries behind it: the entries should not take much longer than the snapshot does, and
     * the snapshots not much more of the disk than the entries.
     */
    private long bytesBetweenSnapshots() {
        TreeView view = state().view();
        long own = view.dataBytes() + BYTES_BESIDE_A_VALUE * view.znodeCount();
        return Math.min(snapshotBytes, Math.max(LEAST_BYTES_BETWEEN_SNAPSHOTS, own));
    }

    /** Whether a snapshot should be begun, or told of, now. Any thread. */
    boolean wantsSnapshot() {
        return snapshots.hasFinished() || (!snapshots.isWriting() && entryBytes >= bytesBetweenSnapshots());
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId groupId, RaftStorage storage) throws IOException {
        getLifeCycle().startAndTransition(() -> {
            super.initialize(server, groupId, storage);
            store.init(storage);
            Snapshots.Loaded loaded = snapshots.loadNewest();
            long first = Snapshots.firstLogIndex(
                    storage.getStorageDir().getCurrentDir().toPath());
            long position = loaded == null ? -1 : loaded.position().getIndex();
            if (first != Long.MAX_VALUE && first > position + 1) {
                throw new IOException("the log begins at entry " + first + ", but the newest snapshot that can be"
                        + " read ends at " + position + ": entries between them are missing");
            }
            if (loaded != null) {
                take(loaded);
                beganWithState = true;
            }
        });
    }

    private void take(Snapshots.Loaded loaded) {
        synchronized (applying) {
            state = loaded.state();
            appliedIndex = loaded.position().getIndex();
            setLastAppliedTermIndex(loaded.position());
        }
    }

    /** The whole state as it is between two entries. Any thread; waits for the entry that is being applied. */
    StatePins.Pin pin() {
        synchronized (applying) {
            TermIndex position = getLastAppliedTermIndex();
            boolean any = position != null && position.getIndex() >= 0;
            return new StatePins.Pin(state.pin(), any ? position.getTerm() : 0, any ? position.getIndex() : 0);
        }
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return store;
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = transaction.getLogEntry();
        long term = entry.getTerm();
        long index = entry.getIndex();
        try {
            byte[] bytes = entry.getStateMachineLogEntry().getLogData().toByteArray();
            synchronized (applying) {
                applyEntry(term, bytes);
                updateLastAppliedTermIndex(term, index);
            }
            appliedIndex = index;
            events.applied(index, state.view().revision());
        } catch (StateDivergedException e) {
            meters.digestMismatch();
            events.diverged();
            fatal.stop(FatalHandler.Cause.DIVERGED, String.valueOf(e.getMessage()), null);
        } catch (CorruptBytesException | CorruptEntryException e) {
            fatal.stop(FatalHandler.Cause.CORRUPT, "log entry " + index + " cannot be read: " + e.getMessage(), null);
        } catch (Throwable e) {
            fatal.stop(FatalHandler.Cause.INTERNAL, "log entry " + index + " could not be applied", e);
        }
        return CompletableFuture.completedFuture(Message.EMPTY);
    }

    private void applyEntry(long term, byte[] bytes) throws CorruptBytesException, CorruptEntryException {
        events.termApplied(term);
        EntryCodec.Reader entry = new EntryCodec.Reader(bytes);
        if (entry.term() != term) {
            // Sealed by a leader that was deposed before the log took it: its senders count it as lost, so it must be.
            return;
        }
        entryBytes += bytes.length;
        StoreState current = state;
        current.beginEntry(term, entry.wallMillis(), entry.clusterMillis());
        List<Answers> answers = new java.util.ArrayList<>(2);
        long taken = System.nanoTime();
        while (entry.nextSegment()) {
            SentBatch own = entry.origin() == proposer.origin() ? proposer.take(entry.firstSequence()) : null;
            CommandResult[] results = own == null ? null : new CommandResult[entry.count()];
            String client = "";
            for (int i = 0; entry.nextCommand(); i++) {
                CommandCodec.Decoded decoded =
                        CommandCodec.decode(entry.bytes(), entry.commandOffset(), entry.commandLength(), client);
                RequestId requestId = decoded.requestId();
                client = requestId == null ? client : requestId.clientId();
                CommandResult result = current.apply(decoded.command(), requestId);
                if (results != null) {
                    results[i] = result;
                }
            }
            if (own != null && results != null) {
                answers.add(new Answers(own, results));
            }
        }
        List<RevisionChanges> made = current.endEntry();
        if (!made.isEmpty()) {
            changes.published(made);
        }
        long[] heard = current.heardSessions();
        if (heard.length > 0) {
            events.heard(heard);
        }
        long applied = answers.isEmpty() ? 0 : System.nanoTime();
        for (Answers answer : answers) {
            if (answer.batch().isBrief()) {
                proposer.complete(answer.batch(), answer.results(), taken, applied);
            } else {
                completions.run(() -> proposer.complete(answer.batch(), answer.results(), taken, applied));
            }
        }
    }

    private record Answers(SentBatch batch, CommandResult[] results) {}

    @Override
    public void notifyTermIndexUpdated(long term, long index) {
        super.notifyTermIndexUpdated(term, index);
        appliedIndex = index;
        events.termApplied(term);
        events.applied(index, state.view().revision());
    }

    @Override
    public long takeSnapshot() {
        TermIndex position = getLastAppliedTermIndex();
        if (position == null || position.getIndex() < 0) {
            return Snapshots.NONE;
        }
        boolean wasWriting = snapshots.isWriting();
        long done = snapshots.take(state, position);
        if (!wasWriting && snapshots.isWriting()) {
            entryBytes = 0;
        }
        return done;
    }

    @Override
    public void pause() {
        getLifeCycle().transition(LifeCycle.State.PAUSING);
        getLifeCycle().transition(LifeCycle.State.PAUSED);
    }

    @Override
    public void reinitialize() throws IOException {
        long begun = System.nanoTime();
        try {
            Snapshots.Loaded loaded = snapshots.loadNewest();
            if (loaded == null) {
                throw new IOException("no snapshot file is there behind an installation");
            }
            store.sync(store.fileFor(loaded.position()));
            take(loaded);
        } catch (SnapshotFormatException e) {
            fatal.stop(FatalHandler.Cause.CORRUPT, "the leader's snapshot cannot be read: " + e.getMessage(), null);
            throw new IOException(e.getMessage(), e);
        }
        getLifeCycle().transition(LifeCycle.State.STARTING);
        getLifeCycle().transition(LifeCycle.State.RUNNING);
        meters.snapshotInstalled(System.nanoTime() - begun);
        proposer.stateReplaced();
        changes.replaced();
        events.termApplied(getLastAppliedTermIndex().getTerm());
        events.applied(appliedIndex, state.view().revision());
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId newLeader) {
        events.leaderChanged(newLeader == null ? "" : newLeader.toString());
    }

    @Override
    public void notifyLeaderReady() {
        events.leaderReady();
    }

    @Override
    public void notifyNotLeader(java.util.Collection<TransactionContext> pending) {
        events.notLeader();
    }

    @Override
    public void notifyServerShutdown(RoleInfoProto role, boolean allServer) {
        if (!allServer) {
            events.removed();
        }
    }

    @Override
    public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto failed) {
        // Ratis tells of the first failure only as the cause of a later one: the operator needs the first.
        Throwable first = cause;
        while (first.getCause() != null && first.getCause() != first) {
            first = first.getCause();
        }
        fatal.stop(FatalHandler.Cause.STORAGE, "writing the log failed: " + first.getMessage(), cause);
    }

    @Override
    public void close() {
        snapshots.close();
    }
}
