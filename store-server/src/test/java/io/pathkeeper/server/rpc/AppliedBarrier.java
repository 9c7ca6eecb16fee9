package io.pathkeeper.server.rpc;

import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.store.AppliedState;
import io.pathkeeper.server.store.ReadBarrier;
import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.server.tree.TreeView;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Waits until a state has a revision, by asking again and again. */
final class AppliedBarrier implements ReadBarrier {
    private final AppliedState state;

    AppliedBarrier(AppliedState state) {
        this.state = state;
    }

    @Override
    public CompletableFuture<TreeView> linearizableView() {
        return CompletableFuture.completedFuture(state.view());
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
            view.completeExceptionally(DirectStore.failure(RejectReason.DEADLINE, StoreFailure.Outcome.NOT_APPLIED)
                    .toException());
        } else {
            CompletableFuture.delayedExecutor(2, TimeUnit.MILLISECONDS)
                    .execute(() -> poll(revision, deadlineNanos, view));
        }
    }
}
