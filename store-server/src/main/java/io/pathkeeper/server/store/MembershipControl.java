package io.pathkeeper.server.store;

import io.pathkeeper.server.state.Rejection;

/** Changes who belongs to the cluster. Port of the store; Raft stands behind it. Callable from any thread, never blocks. */
public interface MembershipControl {
    /** Takes the end of a change; exactly one method is called, on any thread, and must not block. */
    interface Listener {
        /** It is done, and a majority knows. */
        void done();

        /** It was refused and nothing has changed. */
        void rejected(Rejection rejection);

        /** It could not be carried out, or nobody knows. */
        void failed(StoreFailure failure);
    }

    /**
     * Carries a change out, here when this server leads and at the leader otherwise. One is under way at a time. One that is there already
     * is done at once.
     *
     * @param deadlineNanos {@link System#nanoTime()} behind which nobody waits any more; the change goes on
     */
    void change(MembershipChange change, long deadlineNanos, Listener listener);
}
