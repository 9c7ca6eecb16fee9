package io.pathkeeper.server.store;

import io.pathkeeper.server.state.Rejection;

/**
 * The environment's fault: no leader, no quorum, overload, a deadline, a stop.
 *
 * @param rejection reason, message and facts
 * @param outcome what is known about the effect
 */
public record StoreFailure(Rejection rejection, Outcome outcome) {
    /** What is known about the effect of a request that failed. */
    public enum Outcome {
        /** It had no effect and will have none. */
        NOT_APPLIED,
        /** It may have been applied, or may still be. */
        UNKNOWN
    }

    /** This failure as an exception, for futures. */
    public StoreException toException() {
        return new StoreException(this);
    }
}
