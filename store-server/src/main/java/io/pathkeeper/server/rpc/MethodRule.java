package io.pathkeeper.server.rpc;

/**
 * What a method asks of its caller.
 *
 * @param open whether it needs no credential
 * @param audited how its calls stand in the audit log
 * @param check looks at each message of a call
 * @param <Q> the request
 */
record MethodRule<Q>(boolean open, Audited audited, Check<Q> check) {
    /** How calls stand in the audit log; refusals for want of rights always do. */
    enum Audited {
        /** Only refusals. */
        READS,
        /** When writes are audited. */
        WRITES,
        /** Always. */
        ADMINISTRATION,
        /** Always. */
        SIGN_IN
    }

    /** Refuses what may not be done. */
    interface Check<Q> {
        /** Throws {@link RejectedException}. */
        void check(Access access, Q request);
    }
}
