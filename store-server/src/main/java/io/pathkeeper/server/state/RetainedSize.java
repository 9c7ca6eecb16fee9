package io.pathkeeper.server.state;

import io.pathkeeper.server.coordination.CoordinationChange;
import io.pathkeeper.server.coordination.LockEntry;
import io.pathkeeper.server.session.Session;
import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.Znode;
import java.util.List;
import java.util.Map;
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
        List<CoordinationChange> coordination = revision.coordination();
        for (int i = 0; i < coordination.size(); i++) {
            bytes += of(coordination.get(i));
        }
        return bytes;
    }

    private static long of(CoordinationChange change) {
        if (change instanceof CoordinationChange.SessionOpened opened) {
            return of(opened.session());
        } else if (change instanceof CoordinationChange.LockChanged lock) {
            return OBJECTS + lock.path().length() + of(lock.entry());
        }
        return OBJECTS;
    }

    private static long of(Session session) {
        long bytes = 2 * OBJECTS + 2L * session.clientIdentity().length();
        for (Map.Entry<String, String> label : session.labels().entrySet()) {
            bytes += OBJECTS + 2L * (label.getKey().length() + label.getValue().length());
        }
        return bytes;
    }

    private static long of(LockEntry entry) {
        return OBJECTS + 2L * (entry.holderId().length() + entry.note().length()) + entry.value().length;
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
        } else if (result instanceof CommandResult.SessionOpened opened) {
            return OBJECTS + of(opened.session());
        } else if (result instanceof CommandResult.Acquired acquired) {
            long bytes = acquired.entry() == null ? OBJECTS : of(acquired.entry());
            for (LockEntry holder : acquired.holders()) {
                bytes += of(holder);
            }
            return bytes;
        }
        return OBJECTS;
    }
}
