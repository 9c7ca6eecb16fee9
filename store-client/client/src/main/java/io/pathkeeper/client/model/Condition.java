package io.pathkeeper.client.model;

import org.jspecify.annotations.Nullable;

/** A condition of a {@link Transaction}. All but {@link #notExists} are false when there is no such znode. Immutable. */
public sealed interface Condition {
    /** Returns the path of the znode that the condition is about. */
    String path();

    /** The znode exists. */
    static Condition exists(String path) {
        return new Exists(path, true);
    }

    /** The znode does not exist. */
    static Condition notExists(String path) {
        return new Exists(path, false);
    }

    /** The version of the znode is this. */
    static Condition version(String path, long version) {
        return new Version(path, version);
    }

    /** The modified revision of the znode is this. */
    static Condition modifiedRevision(String path, long revision) {
        return new ModifiedRevision(path, revision);
    }

    /** The value of the znode equals this. */
    static Condition valueEquals(String path, @Nullable Object value) {
        return new ValueEquals(path, Value.from(value));
    }

    /** The field at the JSON Pointer compares so with a value. */
    static Condition field(String path, String pointer, Comparison comparison, @Nullable Object value) {
        return new Field(path, pointer, comparison, Value.from(value));
    }

    /** Something is at the JSON Pointer inside the value. */
    static Condition fieldExists(String path, String pointer) {
        return new Field(path, pointer, Comparison.EXISTS, Value.NULL);
    }

    /** The znode has so many children. */
    static Condition childCount(String path, long count) {
        return new ChildCount(path, count);
    }

    /**
     * See {@link #exists} and {@link #notExists}.
     *
     * @param path path of the znode
     * @param expected whether it must exist
     */
    record Exists(String path, boolean expected) implements Condition {}

    /**
     * See {@link #version}.
     *
     * @param path path of the znode
     * @param version its version
     */
    record Version(String path, long version) implements Condition {}

    /**
     * See {@link #modifiedRevision}.
     *
     * @param path path of the znode
     * @param revision its modified revision
     */
    record ModifiedRevision(String path, long revision) implements Condition {}

    /**
     * See {@link #valueEquals}.
     *
     * @param path path of the znode
     * @param value its value
     */
    record ValueEquals(String path, Value value) implements Condition {}

    /**
     * See {@link #field} and {@link #fieldExists}.
     *
     * @param path path of the znode
     * @param pointer where inside its value
     * @param comparison how it is compared
     * @param value with what; unused by {@link Comparison#EXISTS}
     */
    record Field(String path, String pointer, Comparison comparison, Value value) implements Condition {}

    /**
     * See {@link #childCount}.
     *
     * @param path path of the znode
     * @param count how many children it has
     */
    record ChildCount(String path, long count) implements Condition {}
}
