package io.pathkeeper.client.coordination;

import java.util.concurrent.CompletableFuture;

/** A running observation of an election. Safe to use from any thread. */
public interface ElectionObservation extends AutoCloseable {
    /**
     * Returns a future that completes behind the listener's {@code onEnd}: with null when it was closed, else with the {@link
     * io.pathkeeper.client.error.PathkeeperException} that ended it.
     */
    CompletableFuture<Void> ended();

    /** Ends the observation; does not wait. May be called again. */
    @Override
    void close();
}
