package io.pathkeeper.client.recipe;

import io.pathkeeper.client.error.ErrorDetails;
import io.pathkeeper.client.error.OperationInterruptedException;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.error.PreconditionFailedException;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.session.PathkeeperSession;
import io.pathkeeper.client.session.SessionState;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Waiting for futures, and the errors that the recipes find themselves. */
final class Waits {
    private Waits() {}

    /** Waits for the end of a call. */
    static <R> R get(CompletableFuture<R> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            future.cancel(false);
            throw interrupted(e);
        } catch (ExecutionException e) {
            if (cause(e) instanceof PathkeeperException failure) {
                throw failure;
            }
            throw new IllegalStateException("a call failed in an unknown way", e.getCause());
        }
    }

    static PathkeeperException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new OperationInterruptedException(
                new ErrorDetails(
                        Reason.INTERRUPTED,
                        "the thread was interrupted while it waited",
                        Map.of(),
                        true,
                        Outcome.UNKNOWN),
                cause);
    }

    static Throwable cause(Throwable error) {
        Throwable cause = error;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    static boolean isReason(Throwable error, String reason) {
        return cause(error) instanceof PathkeeperException failure
                && failure.reason().equals(reason);
    }

    static PathkeeperException precondition(String reason, String message) {
        return new PreconditionFailedException(
                new ErrorDetails(reason, message, Map.of(), false, Outcome.NOT_APPLIED), null);
    }

    /** Refuses to go on when the session is lost. */
    static void requireSession(PathkeeperSession session) {
        if (session.state() == SessionState.LOST) {
            throw precondition(Reason.SESSION_EXPIRED, "session " + session.id() + " is lost: open a new one");
        }
    }

    static String child(String parent, String name) {
        return parent.equals("/") ? "/" + name : parent + "/" + name;
    }
}
