package io.pathkeeper.server.store;

/** Tells the leader, from any server, that sessions were heard of. Port of the store; Raft stands behind it. */
public interface SessionRenewal {
    /** Most sessions of one call. */
    int MAX_SESSIONS = 1_000;

    /**
     * Renews sessions. Never blocks. Calls that wait at the same time share one question to the leader, who touches the sessions and
     * then confirms that it still leads.
     *
     * @param sessionIds ids, at most {@link #MAX_SESSIONS}; the caller has checked what it can of the secrets
     * @param listener is told exactly once, on the completion thread (or on the caller's when refused at once); must not block
     */
    void renew(long[] sessionIds, RenewListener listener);

    /** Is told what became of a renewal. Exactly one of the two calls comes, once. */
    interface RenewListener {
        /**
         * The leader touched all sessions but the refused ones, behind the call of {@link #renew}, and still led afterwards. This
         * server has applied everything that was committed before that: a session that its table does not have is over.
         *
         * @param refused not touched: the leader does not know them yet, or is about to end them
         */
        void renewed(long[] refused);

        /** Nothing is known: NO_LEADER, NO_QUORUM, OVERLOADED, SHUTTING_DOWN. */
        void failed(StoreFailure failure);
    }
}
