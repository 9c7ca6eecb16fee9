package io.pathkeeper.server.state;

import java.util.Map;

/**
 * An expected refusal. A value, never an exception.
 *
 * @param reason the stable reason
 * @param message for people: names the thing, the value and the limit, and says what to do
 * @param metadata for programs: small facts such as {@code path}, {@code current_version}, {@code limit}, {@code op_index}
 */
public record Rejection(RejectReason reason, String message, Map<String, String> metadata) {
    /** Copies the map. */
    public Rejection {
        metadata = Map.copyOf(metadata);
    }

    /** Makes a rejection with facts given as name, value, name, value. */
    public static Rejection of(RejectReason reason, String message, String... metadata) {
        Map<String, String> facts = new java.util.HashMap<>();
        for (int i = 0; i < metadata.length; i += 2) {
            facts.put(metadata[i], metadata[i + 1]);
        }
        return new Rejection(reason, message, facts);
    }
}
