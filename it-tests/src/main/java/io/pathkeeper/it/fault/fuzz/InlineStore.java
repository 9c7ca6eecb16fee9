package io.pathkeeper.it.fault.fuzz;

import io.pathkeeper.server.coordination.LockTable;
import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.observe.ObserveHub;
import io.pathkeeper.server.rpc.LockWatches;
import io.pathkeeper.server.session.SessionTable;
import io.pathkeeper.server.state.ChangeHistory;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.state.RevisionChanges;
import io.pathkeeper.server.state.RevisionDigest;
import io.pathkeeper.server.state.StateLimits;
import io.pathkeeper.server.state.StoreState;
import io.pathkeeper.server.store.AppliedState;
import io.pathkeeper.server.store.ClusterControl;
import io.pathkeeper.server.store.ClusterStatus;
import io.pathkeeper.server.store.MembershipChange;
import io.pathkeeper.server.store.MembershipControl;
import io.pathkeeper.server.store.ProposalListener;
import io.pathkeeper.server.store.Proposer;
import io.pathkeeper.server.store.ReadBarrier;
import io.pathkeeper.server.store.SessionRenewal;
import io.pathkeeper.server.store.StatePins;
import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.server.tree.TreeView;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A state behind the ports of the store without Raft, log and clock: whoever proposes a command applies it, ten milliseconds behind the one before. Of any thread,
 * one after the other; listeners are told outside of the monitor. Members are never changed: what was asked for is said to be done.
 */
class InlineStore
        implements Proposer, ReadBarrier, AppliedState, ClusterControl, MembershipControl, SessionRenewal, StatePins {
    private static final String CLUSTER = "fuzz";
    static final String MEMBER = "s1";
    private static final long TERM = 7;
    private static final long ENTRY_MILLIS = 10;
    private static final long BEGIN_MILLIS = 1_700_000_000_000L;

    final ObserveHub hub;
    final LockWatches watches;
    private final Troubles troubles;
    private final StoreState state = StoreState.create(StateLimits.DEFAULT);
    private long entries;

    InlineStore(ObserveHub hub, LockWatches watches, Troubles troubles) {
        this.hub = hub;
        this.watches = watches;
        this.troubles = troubles;
    }

    @Override
    public void offer(Command command, @Nullable RequestId requestId, long deadlineNanos, ProposalListener listener) {
        listener.applied(apply(command, requestId));
    }

    @Override
    public void propose(Command command, @Nullable RequestId requestId, long deadlineNanos, ProposalListener listener) {
        offer(command, requestId, deadlineNanos, listener);
    }

    @Override
    public void flush() {
        // what was offered is applied
    }

    /** Applies a command; what it throws would end every server. */
    synchronized CommandResult apply(Command command, @Nullable RequestId requestId) {
        entries++;
        state.beginEntry(TERM, BEGIN_MILLIS + entries * ENTRY_MILLIS, entries * ENTRY_MILLIS);
        RevisionDigest before = state.digest();
        try {
            CommandResult result = applied(command, requestId);
            publish(state.endEntry());
            if (result instanceof CommandResult.Rejected && !before.equals(state.digest())) {
                troubles.add("a refused command has changed the state: "
                        + command.getClass().getSimpleName());
            }
            return result;
        } catch (RuntimeException e) {
            state.endEntry();
            troubles.add("the apply thread would die of", e);
            throw e;
        }
    }

    /** What becomes of a command; a test plants its faults here. */
    CommandResult applied(Command command, @Nullable RequestId requestId) {
        return state.apply(command, requestId);
    }

    private void publish(List<RevisionChanges> changes) {
        if (!changes.isEmpty()) {
            hub.published(changes);
            watches.published(changes);
        }
    }

    /** Fails when the digests of the state do not fit it, or an ephemeral znode has no session. */
    synchronized void check() {
        apply(state.digestCheck(), null);
    }

    @Override
    public synchronized Pin pin() {
        return new Pin(state.pin(), TERM, entries);
    }

    @Override
    public void renew(long[] sessionIds, RenewListener listener) {
        listener.renewed(new long[0]);
    }

    @Override
    public CompletableFuture<TreeView> linearizableView() {
        return CompletableFuture.completedFuture(view());
    }

    @Override
    public CompletableFuture<TreeView> viewAtLeast(long revision, long deadlineNanos) {
        TreeView view = view();
        return view.revision() >= revision
                ? CompletableFuture.completedFuture(view)
                : CompletableFuture.failedFuture(new StoreFailure(
                                Rejection.of(RejectReason.DEADLINE, "nothing is written meanwhile"),
                                StoreFailure.Outcome.NOT_APPLIED)
                        .toException());
    }

    @Override
    public SessionTable sessions() {
        return state.sessions();
    }

    @Override
    public LockTable locks() {
        return state.locks();
    }

    @Override
    public RevisionDigest digest() {
        return state.digest();
    }

    @Override
    public TreeView view() {
        return state.view();
    }

    @Override
    public ChangeHistory history() {
        return state.history();
    }

    @Override
    public ClusterStatus status() {
        return new ClusterStatus(
                CLUSTER,
                MEMBER,
                MEMBER,
                ClusterStatus.Role.LEADER,
                TERM,
                entries,
                entries,
                0,
                0,
                true,
                List.of(new ClusterStatus.Member(
                        MEMBER, "127.0.0.1:1", "127.0.0.1:2", ClusterStatus.Role.LEADER, true, 0, 0, 0)));
    }

    @Override
    public void change(MembershipChange change, long deadlineNanos, MembershipControl.Listener listener) {
        listener.done();
    }
}
