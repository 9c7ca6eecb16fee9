package io.pathkeeper.server.store;

import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.StoreFailure.Outcome;
import io.pathkeeper.server.tree.TreeView;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/**
 * Reads that wait for a view, each with a deadline. A sweep at intervals ends those whose time is over, so that a read costs no
 * timer of its own; deadlines are kept to within one interval. Any thread.
 */
final class WaitingReads {
    private final Queue<Waiter> waiting = new ConcurrentLinkedQueue<>();

    /** Tells the listener when the future completes or the deadline has passed, whichever comes first. */
    Waiter await(CompletableFuture<TreeView> future, long deadlineNanos, ViewListener listener) {
        Waiter waiter = new Waiter(listener, deadlineNanos);
        if (!future.isDone()) {
            waiting.add(waiter);
        }
        future.whenComplete(waiter);
        return waiter;
    }

    /** Ends what has waited too long and forgets what has ended. */
    void sweep(long nowNanos) {
        waiting.removeIf(w -> w.isDone() || w.expire(nowNanos));
    }

    /** Ends everything: the server stops. */
    void close() {
        StoreFailure failure = new StoreFailure(
                Rejection.of(RejectReason.SHUTTING_DOWN, "the server is going down: try another one"),
                Outcome.NOT_APPLIED);
        for (Waiter waiter = waiting.poll(); waiter != null; waiter = waiting.poll()) {
            waiter.fail(failure);
        }
    }

    /** One read that waits; tells its listener once. */
    static final class Waiter extends AtomicBoolean implements BiConsumer<TreeView, Throwable> {
        private static final long serialVersionUID = 1L;

        private final transient ViewListener listener;
        private final long deadlineNanos;

        Waiter(ViewListener listener, long deadlineNanos) {
            this.listener = listener;
            this.deadlineNanos = deadlineNanos;
        }

        boolean isDone() {
            return get();
        }

        @Override
        @SuppressWarnings("NullAway") // one of the two is null, by the contract of CompletableFuture
        public void accept(TreeView view, Throwable error) {
            if (error != null) {
                fail(failureOf(error));
            } else if (compareAndSet(false, true)) {
                listener.view(view);
            }
        }

        void fail(StoreFailure failure) {
            if (compareAndSet(false, true)) {
                listener.failed(failure);
            }
        }

        boolean expire(long nowNanos) {
            if (nowNanos - deadlineNanos < 0) {
                return false;
            }
            fail(new StoreFailure(
                    Rejection.of(
                            RejectReason.DEADLINE, "the read's deadline passed before this server could answer it"),
                    Outcome.NOT_APPLIED));
            return true;
        }

        private static StoreFailure failureOf(Throwable error) {
            Throwable cause =
                    error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
            return cause instanceof StoreException e
                    ? e.failure()
                    : new StoreFailure(
                            Rejection.of(RejectReason.INTERNAL, "the read failed: " + cause), Outcome.NOT_APPLIED);
        }
    }
}
