package io.pathkeeper.server.state;

import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.Znode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Estimates how much memory results and changes hold. The same on every server, so that limits by size act alike. */
final class RetainedSize {
    private static final int OBJECTS = 160;
    private static final int ZNODE = 104;

    private RetainedSize() {}

    static long of(RevisionChanges revision) {
        long bytes = OBJECTS;
        List<TreeChange> changes = revision.changes();
        for (int i = 0; i < changes.size(); i++) {
            TreeChange change = changes.get(i);
            long before = of(change.before());
            // what was before is as a rule what an older change shows as after: only the larger one counts
            bytes += OBJECTS + change.path().length() + Math.max(before, of(change.after()));
        }
        return bytes;
    }

    private static long of(@Nullable Znode znode) {
        return znode == null ? 0 : ZNODE + znode.name().length + znode.value().length;
    }

    static long of(CommandResult result) {
        if (result instanceof CommandResult.Updated updated) {
            return OBJECTS + updated.path().length() + of(updated.znode()) + of(updated.previous());
        } else if (result instanceof CommandResult.Created created) {
            return OBJECTS + created.path().length() + of(created.znode());
        } else if (result instanceof CommandResult.Deleted deleted) {
            return OBJECTS + deleted.path().length() + of(deleted.previous());
        } else if (result instanceof CommandResult.Found found) {
            return OBJECTS + found.path().length() + of(found.znode());
        } else if (result instanceof CommandResult.Rejected rejected) {
            return 4 * OBJECTS + 2L * rejected.rejection().message().length();
        } else if (result instanceof CommandResult.Transacted transacted) {
            long bytes = OBJECTS;
            for (CommandResult each : transacted.results()) {
                bytes += of(each);
            }
            return bytes;
        }
        return OBJECTS;
    }
}
