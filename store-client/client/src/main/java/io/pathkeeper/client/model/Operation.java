package io.pathkeeper.client.model;

/** One operation of a {@link Transaction}. Timeouts and consistency of its options are not looked at. Immutable. */
public sealed interface Operation {
    /** Returns the path that the operation is about. */
    String path();

    /** Creates a persistent znode. */
    static Operation create(String path, Value value) {
        return new Create(path, value, CreateOptions.defaults());
    }

    /** Creates a znode. */
    static Operation create(String path, Value value, CreateOptions options) {
        return new Create(path, value, options);
    }

    /** Replaces a value. */
    static Operation set(String path, Value value) {
        return new Set(path, value, SetOptions.defaults());
    }

    /** Replaces a value. */
    static Operation set(String path, Value value, SetOptions options) {
        return new Set(path, value, options);
    }

    /** Changes fields inside a value. */
    static Operation patch(String path, Patch patch) {
        return new Change(path, patch, PatchOptions.defaults());
    }

    /** Changes fields inside a value. */
    static Operation patch(String path, Patch patch, PatchOptions options) {
        return new Change(path, patch, options);
    }

    /** Deletes a znode without children. */
    static Operation delete(String path) {
        return new Delete(path, DeleteOptions.defaults());
    }

    /** Deletes a znode. */
    static Operation delete(String path, DeleteOptions options) {
        return new Delete(path, options);
    }

    /** Reads a znode as the operations before it left it; a missing one is no error. */
    static Operation get(String path) {
        return new Get(path, ReadOptions.defaults());
    }

    /** Reads a znode as the operations before it left it; a missing one is no error. Of the options view and format count. */
    static Operation get(String path, ReadOptions options) {
        return new Get(path, options);
    }

    /**
     * See {@link #create(String, Value, CreateOptions)}.
     *
     * @param path path of the znode
     * @param value its value
     * @param options how it is created
     */
    record Create(String path, Value value, CreateOptions options) implements Operation {}

    /**
     * See {@link #set(String, Value, SetOptions)}.
     *
     * @param path path of the znode
     * @param value its new value
     * @param options how it is set
     */
    record Set(String path, Value value, SetOptions options) implements Operation {}

    /**
     * See {@link #patch(String, Patch, PatchOptions)}.
     *
     * @param path path of the znode
     * @param patch the changes
     * @param options how it is patched
     */
    record Change(String path, Patch patch, PatchOptions options) implements Operation {}

    /**
     * See {@link #delete(String, DeleteOptions)}.
     *
     * @param path path of the znode
     * @param options how it is deleted
     */
    record Delete(String path, DeleteOptions options) implements Operation {}

    /**
     * See {@link #get(String, ReadOptions)}.
     *
     * @param path path of the znode
     * @param options view and format of the read
     */
    record Get(String path, ReadOptions options) implements Operation {}
}
