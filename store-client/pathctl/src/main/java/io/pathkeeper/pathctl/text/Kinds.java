package io.pathkeeper.pathctl.text;

import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.ZnodeKind;
import java.util.Locale;

/** Names of types and kinds as they stand in output and documents. */
public final class Kinds {
    private Kinds() {}

    /** Returns the type of a value with its article, for messages. */
    static String name(Value value) {
        return name(value.type());
    }

    static String name(Value.Type type) {
        return switch (type) {
            case NULL -> "null";
            case BOOL -> "a truth value";
            case LONG -> "an integer";
            case DOUBLE -> "a double";
            case STRING -> "a text";
            case BYTES -> "bytes";
            case LIST -> "a list";
            case MAP -> "a map";
            case JSON -> "JSON text";
        };
    }

    /** Returns the name of a kind in lower case. */
    public static String kind(ZnodeKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
