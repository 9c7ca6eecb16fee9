package io.pathkeeper.server.state;

import io.pathkeeper.server.tree.ZnodePath;

/** A condition of a transaction. All but {@link Exists} are false when there is no znode. */
public sealed interface Condition {
    /** Path of the znode. */
    ZnodePath path();

    /** The znode exists, or does not. */
    record Exists(ZnodePath path, boolean expected) implements Condition {}

    /** Its version is this. */
    record Version(ZnodePath path, long version) implements Condition {}

    /** Its modified revision is this. */
    record ModifiedRevision(ZnodePath path, long revision) implements Condition {}

    /** Its value equals this canonical encoding. */
    record ValueEquals(ZnodePath path, byte[] value) implements Condition {}

    /** A field of its value compares so with the operand, a canonical encoding (empty with {@code EXISTS}). */
    record Field(ZnodePath path, String pointer, Comparison comparison, byte[] operand) implements Condition {}

    /** It has so many children. */
    record ChildCount(ZnodePath path, long count) implements Condition {}

    /** How a field is compared; the order is part of the stored format. */
    enum Comparison {
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL,
        EXISTS
    }
}
