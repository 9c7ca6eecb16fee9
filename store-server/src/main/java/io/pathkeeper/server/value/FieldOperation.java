package io.pathkeeper.server.value;

/**
 * A change of one field inside a value.
 *
 * @param type what is done
 * @param pointer where, as a JSON Pointer (RFC 6901); empty for the whole value
 * @param operand canonical encoding of the operand; empty for types without one
 * @param index position in a list, or {@link #NO_INDEX}
 * @param delta what an increment adds
 */
public record FieldOperation(Type type, String pointer, byte[] operand, long index, long delta) {
    /** No position given. */
    public static final long NO_INDEX = -1;

    /** What is done; the order is part of the stored format. */
    public enum Type {
        SET,
        SET_IF_ABSENT,
        REMOVE,
        MERGE,
        LIST_APPEND,
        LIST_INSERT,
        LIST_REMOVE,
        INCREMENT,
        TEST
    }
}
