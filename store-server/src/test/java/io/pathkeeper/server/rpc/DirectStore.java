package io.pathkeeper.server.rpc;

import io.pathkeeper.server.coordination.LockTable;
import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.metrics.ServerMeters;
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
import io.pathkeeper.server.store.StoreFailure.Outcome;
import io.pathkeeper.server.tree.TreeView;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A real state behind the ports of the store, without Raft: one thread applies commands in the order in which they were proposed. Tests
 * can hold it, make it fail, and let it claim to have lost its leader.
 */
final class DirectStore
        implements Proposer,
                ReadBarrier,
                AppliedState,
                ClusterControl,
                MembershipControl,
                SessionRenewal,
                AutoCloseable {
    static final String CLUSTER = "test-cluster";
    static final String MEMBER = "s1";

    private final ExecutorService apply = Executors.newSingleThreadExecutor(task -> new Thread(task, "test-apply"));
    private final StoreState state = StoreState.create(StateLimits.DEFAULT);
    static final long TERM = 7;

    final LockWatches watches;
    /** Sessions that the leader refuses to renew. */
    final Set<Long> refusedRenewals = ConcurrentHashMap.newKeySet();
    /** Sessions that were renewed. */
    final Set<Long> touched = ConcurrentHashMap.newKeySet();

    final AtomicInteger renewals = new AtomicInteger();
    volatile @Nullable StoreFailure renewFailure;
    final AtomicInteger barriers = new AtomicInteger();
    final AtomicInteger proposals = new AtomicInteger();
    private final Queue<Runnable> offered = new ConcurrentLinkedQueue<>();
    volatile @Nullable Predicate<Command> failing;
    volatile @Nullable StoreFailure readFailure;
    volatile long lastContactMillis;
    volatile boolean ready = true;
    volatile CompletableFuture<Void> held = CompletableFuture.completedFuture(null);

    DirectStore() {
        this(10_000);
    }

    /** With a limit of calls that wait for locks. */
    DirectStore(int waitingCalls) {
        watches = new LockWatches(waitingCalls);
    }

    @Override
    public void offer(Command command, @Nullable RequestId requestId, long deadlineNanos, ProposalListener listener) {
        proposals.incrementAndGet();
        offered.add(() -> {
            held.join();
            Predicate<Command> fails = failing;
            if (fails != null && fails.test(command)) {
                listener.failed(failure(RejectReason.NO_LEADER, Outcome.NOT_APPLIED));
                return;
            }
            state.beginEntry(TERM, System.currentTimeMillis(), System.nanoTime() / 1_000_000);
            CommandResult result = state.apply(command, requestId);
            publish(state.endEntry());
            listener.applied(result);
        });
    }

    @Override
    public void propose(Command command, @Nullable RequestId requestId, long deadlineNanos, ProposalListener listener) {
        offer(command, requestId, deadlineNanos, listener);
        flush();
    }

    @Override
    public void flush() {
        for (Runnable next = offered.poll(); next != null; next = offered.poll()) {
            apply.execute(next);
        }
    }

    private void publish(List<RevisionChanges> changes) {
        if (!changes.isEmpty()) {
            watches.published(changes);
        }
    }

    /** Ends a session as the leader does when nothing was heard of it. */
    void expire(long sessionId) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        apply.execute(() -> {
            state.beginEntry(TERM, System.currentTimeMillis(), System.nanoTime() / 1_000_000);
            state.apply(new Command.ExpireSession(sessionId, TERM), null);
            publish(state.endEntry());
            done.complete(null);
        });
        done.join();
    }

    /** Lets the state's clock go on, as the leader's duty does. */
    void letTimePass() {
        apply.execute(() -> {
            state.beginEntry(TERM, System.currentTimeMillis(), System.nanoTime() / 1_000_000);
            state.apply(new Command.Tick(100), null);
            publish(state.endEntry());
        });
    }

    /** Waits until everything that was proposed before is applied. */
    void settle() {
        CompletableFuture.runAsync(() -> {}, apply).join();
    }

    /** What backups are made of, on this state. */
    BackupSource backups(ServerMeters meters) {
        return new BackupSource(
                () -> new StatePins.Pin(
                        CompletableFuture.supplyAsync(state::pin, apply).join(), TERM, proposals.get()),
                CLUSTER,
                MEMBER,
                "1.2.3",
                System::currentTimeMillis,
                meters.backups());
    }

    /** What a server needs for sessions and locks, on this state. */
    Coordination coordination(ServerMeters meters) {
        return new Coordination(this, watches, meters.sessions());
    }

    @Override
    public void renew(long[] sessionIds, RenewListener listener) {
        apply.execute(() -> {
            held.join();
            renewals.incrementAndGet();
            StoreFailure failure = renewFailure;
            if (failure != null) {
                listener.failed(failure);
                return;
            }
            for (long id : sessionIds) {
                touched.add(id);
            }
            listener.renewed(
                    Arrays.stream(sessionIds).filter(refusedRenewals::contains).toArray());
        });
    }

    static StoreFailure failure(RejectReason reason, Outcome outcome) {
        return new StoreFailure(Rejection.of(reason, "planned: " + reason), outcome);
    }

    @Override
    public CompletableFuture<TreeView> linearizableView() {
        barriers.incrementAndGet();
        StoreFailure failure = readFailure;
        CompletableFuture<TreeView> view = new CompletableFuture<>();
        if (failure != null) {
            view.completeExceptionally(failure.toException());
        } else {
            apply.execute(() -> {
                held.join();
                view.complete(state.view());
            });
        }
        return view;
    }

    @Override
    public CompletableFuture<TreeView> viewAtLeast(long revision, long deadlineNanos) {
        CompletableFuture<TreeView> view = new CompletableFuture<>();
        poll(revision, deadlineNanos, view);
        return view;
    }

    private void poll(long revision, long deadlineNanos, CompletableFuture<TreeView> view) {
        if (state.view().revision() >= revision) {
            view.complete(state.view());
        } else if (System.nanoTime() - deadlineNanos > 0) {
            view.completeExceptionally(
                    failure(RejectReason.DEADLINE, Outcome.NOT_APPLIED).toException());
        } else if (!apply.isShutdown()) {
            CompletableFuture.delayedExecutor(2, TimeUnit.MILLISECONDS)
                    .execute(() -> poll(revision, deadlineNanos, view));
        }
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
                ready ? MEMBER : "",
                ready ? ClusterStatus.Role.LEADER : ClusterStatus.Role.CANDIDATE,
                7,
                11,
                11,
                5,
                lastContactMillis,
                ready,
                List.of(new ClusterStatus.Member(
                        MEMBER, "127.0.0.1:1", "127.0.0.1:2", ClusterStatus.Role.LEADER, true, 0, 0, 0)));
    }

    /** What {@link #change} was asked for. */
    final List<MembershipChange> changes = new java.util.concurrent.CopyOnWriteArrayList<>();

    @Override
    public void change(MembershipChange change, long deadlineNanos, MembershipControl.Listener listener) {
        changes.add(change);
        listener.done();
    }

    @Override
    public void close() {
        held.complete(null);
        apply.shutdown();
    }
}
