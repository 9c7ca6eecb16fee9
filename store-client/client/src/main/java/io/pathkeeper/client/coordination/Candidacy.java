package io.pathkeeper.client.coordination;

import java.util.concurrent.CompletableFuture;

/** A candidate that stands for one election, until it has led or has left. Safe to use from any thread. */
public interface Candidacy extends AutoCloseable {
    /**
     * Returns a future that completes, on a callback thread, when the candidate is elected. Fails with {@link
     * io.pathkeeper.client.error.PreconditionFailedException} ({@code SESSION_EXPIRED}, {@code LOCK_MODE_MISMATCH}), with {@link
     * io.pathkeeper.client.error.LimitExceededException}, and with {@code LEADERSHIP_LOST} when the candidate has left before.
     */
    CompletableFuture<Leadership> elected();

    /**
     * Leaves the election, whether the candidate waits or leads. Completes when the servers know. May be called again. Fails when no server
     * could be told within the request timeout: the candidate then stands until its session ends.
     */
    CompletableFuture<Void> resign();

    /** Begins to leave the election; does not wait. */
    @Override
    default void close() {
        resign();
    }
}
