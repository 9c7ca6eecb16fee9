package io.pathkeeper.server.tree;

import org.jspecify.annotations.Nullable;

/** One change of one znode, as observers are told of it. The znodes are detached: they hold no children. */
public sealed interface TreeChange {
    /** Path of the znode. */
    ZnodePath path();

    /** Why it happened. */
    ChangeCause cause();

    /** The znode at the revision before; null for creations. */
    @Nullable
    Znode before();

    /** The znode behind the change; null for deletions. */
    @Nullable
    Znode after();

    /** The znode was created. */
    record Created(ZnodePath path, ChangeCause cause, Znode after) implements TreeChange {
        @Override
        public @Nullable Znode before() {
            return null;
        }
    }

    /** The value was changed. */
    record Updated(ZnodePath path, ChangeCause cause, Znode before, Znode after) implements TreeChange {}

    /** The znode was deleted. */
    record Deleted(ZnodePath path, ChangeCause cause, Znode before) implements TreeChange {
        @Override
        public @Nullable Znode after() {
            return null;
        }
    }
}
