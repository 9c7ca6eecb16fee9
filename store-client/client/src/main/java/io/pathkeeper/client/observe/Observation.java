package io.pathkeeper.client.observe;

import java.util.concurrent.CompletableFuture;

/** A running observation with a listener. Safe to use from any thread. */
public interface Observation extends AutoCloseable {
    /** Returns the revision up to which everything was delivered to the listener; 0 before the first. */
    long position();

    /**
     * Returns a future that completes behind the listener's {@code onEnd}: with null when the observation was closed or is complete,
     * else with the {@link io.pathkeeper.client.error.PathkeeperException} that ended it.
     */
    CompletableFuture<Void> ended();

    /** Ends the observation; does not wait. May be called again. */
    @Override
    void close();
}
