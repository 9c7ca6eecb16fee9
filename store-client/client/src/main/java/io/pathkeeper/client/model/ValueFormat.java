package io.pathkeeper.client.model;

/** The form in which values are returned. */
public enum ValueFormat {
    /** Typed values. The default. */
    TYPED,
    /** Values of {@link Value.Type#JSON}: the JSON text as the server writes it, bytes as {@code {"$bytes": "<base64>"}}. */
    JSON,
    /** Values of {@link Value.Type#BYTES}: bytes as they are, strings as UTF-8, every other value as its JSON text. */
    RAW
}
