package io.pathkeeper.server.store;

import io.pathkeeper.server.tree.TreeView;
import java.util.concurrent.CompletableFuture;

/** Makes reads linearizable. Port of the store; Raft stands behind it. */
public interface ReadBarrier {
    /**
     * Completes with a view that holds every write that was answered anywhere before this call. Never blocks. Many calls share
     * one round and one future.
     *
     * @return completes exceptionally with {@link StoreException}: NO_LEADER, NO_QUORUM, SHUTTING_DOWN
     */
    CompletableFuture<TreeView> linearizableView();

    /** The same for somebody with time: may be answered some ten milliseconds later, and costs the leader nothing beside its answer. */
    default CompletableFuture<TreeView> probe() {
        return linearizableView();
    }

    /**
     * Completes with a view of at least this revision, at once when it is there already.
     *
     * @param deadlineNanos {@link System#nanoTime()} at which waiting ends with the reason DEADLINE
     */
    CompletableFuture<TreeView> viewAtLeast(long revision, long deadlineNanos);
}
