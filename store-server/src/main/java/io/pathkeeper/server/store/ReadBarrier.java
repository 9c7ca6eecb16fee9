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

    /** Whether this server's state was as new as the cluster's at least once since it started: what is not in it then was never there, or is gone. */
    default boolean isCaughtUp() {
        return true;
    }

    /**
     * Whether this server's view is one that the store had for everybody: it came from this server's own snapshot, or {@link #isCaughtUp}. Else the
     * server began with nothing, or with a log alone, of which it does not know yet what counts: its tree is empty though the store is not.
     */
    default boolean hasOwnView() {
        return true;
    }
}
