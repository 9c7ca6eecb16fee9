package io.pathkeeper.client.internal;

import io.pathkeeper.client.error.PathkeeperException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What futures of calls have in common. */
final class Futures {
    private static final Logger LOG = LoggerFactory.getLogger(Futures.class);

    private Futures() {}

    /** Returns what a stage failed with, without the wrapping of the stages between. */
    static Throwable cause(Throwable error) {
        Throwable cause = error;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Returns whether it failed for this reason. */
    static boolean isReason(Throwable error, String reason) {
        return cause(error) instanceof PathkeeperException failure
                && failure.reason().equals(reason);
    }

    /** Waits for the end of a call whose failure needs no answer; an interrupt ends the waiting. */
    static void joinQuietly(CompletableFuture<?> future) {
        try {
            future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | CancellationException e) {
            LOG.debug("a call that ends something failed", e);
        }
    }
}
