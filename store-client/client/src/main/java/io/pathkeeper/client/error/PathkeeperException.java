package io.pathkeeper.client.error;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call that failed. Decide by the class, by {@link #reason()} and by {@link #outcome()}, never by the text of the message.
 *
 * <p>The library has already repeated what was safe to repeat until the time limit of the call. {@link #isRetryable()} says
 * whether the same call may succeed later; repeat a write only when its outcome is {@link Outcome#NOT_APPLIED} or when doing it
 * twice is harmless.
 */
public class PathkeeperException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorDetails details;

    /** Makes an exception from the details of an error. */
    public PathkeeperException(ErrorDetails details, @Nullable Throwable cause) {
        super(details.message(), cause);
        this.details = details;
    }

    /** Returns the stable name of the reason, one of {@link Reason} or a newer one that this library does not know. */
    public String reason() {
        return details.reason();
    }

    /** Returns the path that the error is about; null when it is about none. */
    public @Nullable String path() {
        return details.metadata().get("path");
    }

    /** Returns what the server told beside the reason: for example {@code limit}, {@code current_version}, {@code leader}. */
    public Map<String, String> metadata() {
        return details.metadata();
    }

    /** Returns whether the same call may succeed later without a change of the call. */
    public boolean isRetryable() {
        return details.retryable();
    }

    /** Returns what is known about the effect of the call. */
    public Outcome outcome() {
        return details.outcome();
    }

    /** Returns a number of the metadata; 0 when it is not there. */
    protected final long number(String key) {
        String text = details.metadata().get(key);
        try {
            return text == null ? 0 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
