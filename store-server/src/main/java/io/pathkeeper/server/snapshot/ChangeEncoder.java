package io.pathkeeper.server.snapshot;

import io.pathkeeper.server.encoding.ByteSink;
import io.pathkeeper.server.tree.TreeChange;

/** Writes changes of the history. Of one thread. */
final class ChangeEncoder {
    static final int CREATED = 1;
    static final int UPDATED = 2;
    static final int DELETED = 3;

    private final ByteSink sink;
    private final ZnodeEncoder znodes;

    ChangeEncoder(ByteSink sink, ZnodeEncoder znodes) {
        this.sink = sink;
        this.znodes = znodes;
    }

    void change(TreeChange change) {
        if (change instanceof TreeChange.Created created) {
            begin(CREATED, change);
            znodes.detached(created.after());
        } else if (change instanceof TreeChange.Updated updated) {
            begin(UPDATED, change);
            znodes.detached(updated.before());
            znodes.detached(updated.after());
        } else if (change instanceof TreeChange.Deleted deleted) {
            begin(DELETED, change);
            znodes.detached(deleted.before());
        } else {
            throw new IllegalArgumentException("no binary form for " + change.getClass());
        }
    }

    private void begin(int kind, TreeChange change) {
        sink.putByte(kind);
        sink.putByte(change.cause().ordinal());
        znodes.path(change.path());
    }
}
