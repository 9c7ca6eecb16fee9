package io.pathkeeper.server.value;

/** The types of values, in the order of their field numbers in the encoding. */
public enum ValueKind {
    NULL,
    BOOL,
    INT,
    REAL,
    TEXT,
    BYTES,
    ITEMS,
    FIELDS;

    /** The type's name as users see it. */
    public String displayName() {
        return switch (this) {
            case NULL -> "null";
            case BOOL -> "bool";
            case INT -> "integer";
            case REAL -> "double";
            case TEXT -> "string";
            case BYTES -> "bytes";
            case ITEMS -> "list";
            case FIELDS -> "map";
        };
    }
}
