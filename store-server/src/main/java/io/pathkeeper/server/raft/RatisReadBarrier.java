package io.pathkeeper.server.raft;

import io.pathkeeper.server.raft.RatisProposer.Route;
import io.pathkeeper.server.store.ReadBarrier;
import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.server.tree.TreeView;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Linearizable reads for this server's callers: all that wait when a round begins share it. A round gets an index, from this
 * server's own leadership or from the leader, and completes when this server has applied it.
 *
 * <p>Safe for all threads. Futures complete on the completion thread.
 */
final class RatisReadBarrier implements ReadBarrier {
    private static final long RETRY_MILLIS = 10;

    /** What a round has to know of this server. */
    interface Local {
        Route route();

        /** Confirms this server's own leadership; exactly one callback runs. */
        void confirmLeadership(LongConsumer index, Runnable failed);

        /** Asks the leader; exactly one callback runs. With patience it need not tell this server of commits at once. */
        void askReadIndex(String leaderId, boolean patient, LongConsumer index, Runnable failed);

        long appliedIndex();

        TreeView view();

        /** Whether the first state of this server was one that it had stored itself. */
        boolean beganWithState();

        void later(Runnable task, long delayMillis);
    }

    private final Local local;
    private final Completions completions;
    private final long timeoutNanos;
    private final Waiters byIndex = new Waiters();
    private final Waiters byRevision = new Waiters();
    private @Nullable Round next;
    private boolean asking;
    private volatile boolean closed;
    private volatile boolean caughtUp;

    RatisReadBarrier(Local local, Completions completions, long timeoutNanos) {
        this.local = local;
        this.completions = completions;
        this.timeoutNanos = timeoutNanos;
    }

    @Override
    public CompletableFuture<TreeView> linearizableView() {
        return view(false);
    }

    @Override
    public CompletableFuture<TreeView> probe() {
        return view(true);
    }

    @Override
    public boolean isCaughtUp() {
        return caughtUp;
    }

    @Override
    public boolean hasOwnView() {
        return caughtUp || local.beganWithState();
    }

    private CompletableFuture<TreeView> view(boolean patient) {
        if (closed) {
            return CompletableFuture.failedFuture(Failures.shuttingDown().toException());
        }
        Round mine;
        boolean begin;
        synchronized (this) {
            if (next == null) {
                next = new Round(System.nanoTime() + timeoutNanos);
            }
            mine = next;
            mine.patient &= patient;
            begin = !asking;
            if (begin) {
                asking = true;
                next = null;
            }
        }
        if (begin) {
            mine.ask();
        }
        return mine.future;
    }

    @Override
    public CompletableFuture<TreeView> viewAtLeast(long revision, long deadlineNanos) {
        TreeView now = local.view();
        if (now.revision() >= revision) {
            return CompletableFuture.completedFuture(now);
        }
        CompletableFuture<TreeView> future = new CompletableFuture<>();
        byRevision.add(new Waiters.Waiter(
                revision,
                deadlineNanos,
                () -> future.complete(local.view()),
                () -> future.completeExceptionally(
                        Failures.revisionNotReached(revision, local.view().revision())
                                .toException())));
        applied(local.appliedIndex(), local.view().revision());
        return future;
    }

    /** Waits until this server has applied an index. Exactly one of the callbacks runs, on the completion thread. */
    void awaitIndex(long index, long deadlineNanos, Runnable reached, Runnable expired) {
        if (local.appliedIndex() >= index) {
            completions.run(reached);
            return;
        }
        byIndex.add(new Waiters.Waiter(index, deadlineNanos, reached, expired));
        applied(local.appliedIndex(), local.view().revision());
    }

    /** The apply thread has published this index and revision. */
    void applied(long index, long revision) {
        for (Waiters.Waiter waiter : byIndex.take(index)) {
            completions.run(waiter.reached());
        }
        for (Waiters.Waiter waiter : byRevision.take(revision)) {
            completions.run(waiter.reached());
        }
    }

    /** Gives up on those whose deadline has passed. Called now and then. */
    void expire(long nowNanos) {
        for (Waiters.Waiter waiter : byIndex.takeExpired(nowNanos)) {
            completions.run(waiter.expired());
        }
        for (Waiters.Waiter waiter : byRevision.takeExpired(nowNanos)) {
            completions.run(waiter.expired());
        }
    }

    /** Fails all that wait. */
    void close() {
        closed = true;
        expire(Long.MAX_VALUE);
    }

    private void asked() {
        Round begin;
        synchronized (this) {
            begin = next;
            next = null;
            asking = begin != null;
        }
        if (begin != null) {
            begin.ask();
        }
    }

    /** Reads that share one index. */
    private final class Round {
        private final CompletableFuture<TreeView> future = new CompletableFuture<>();
        private final long deadlineNanos;
        /** Nobody in it is in a hurry; changes until it is asked. */
        private boolean patient = true;

        private boolean leaderKnown;

        Round(long deadlineNanos) {
            this.deadlineNanos = deadlineNanos;
        }

        void ask() {
            Route route = local.route();
            switch (route.kind()) {
                case LEADER -> {
                    leaderKnown = true;
                    local.confirmLeadership(this::indexKnown, this::failed);
                }
                case FOLLOWER -> {
                    leaderKnown = true;
                    local.askReadIndex(route.leaderId(), patient, this::indexKnown, this::failed);
                }
                case NONE -> failed();
            }
        }

        private void indexKnown(long index) {
            asked();
            awaitIndex(index, deadlineNanos, this::reached, () -> giveUp(leaderKnown));
        }

        private void reached() {
            caughtUp = true;
            future.complete(local.view());
        }

        private void failed() {
            if (closed || System.nanoTime() - deadlineNanos >= 0) {
                asked();
                completions.run(() -> giveUp(leaderKnown));
                return;
            }
            local.later(this::ask, RETRY_MILLIS);
        }

        private void giveUp(boolean hadLeader) {
            StoreFailure failure;
            if (closed) {
                failure = Failures.shuttingDown();
            } else if (hadLeader) {
                failure = Failures.noQuorum("no majority of the servers confirmed the leader within "
                        + TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + " ms");
            } else {
                failure = Failures.noLeader();
            }
            future.completeExceptionally(failure.toException());
        }
    }
}
