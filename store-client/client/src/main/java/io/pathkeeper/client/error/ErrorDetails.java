package io.pathkeeper.client.error;

import java.io.Serializable;
import java.util.Map;

/**
 * The parts of an error.
 *
 * @param reason stable name of the reason
 * @param message what went wrong, for people
 * @param metadata what the server told beside the reason
 * @param retryable whether the same call may succeed later
 * @param outcome what is known about the effect of the call
 */
public record ErrorDetails(
        String reason, String message, Map<String, String> metadata, boolean retryable, Outcome outcome)
        implements Serializable {
    /** Copies the map. */
    public ErrorDetails {
        metadata = Map.copyOf(metadata);
    }
}
