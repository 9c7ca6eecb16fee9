package io.pathkeeper.server.backup;

import io.pathkeeper.server.snapshot.SnapshotZnodes;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the trees of two backups differ. Walks both at once and holds one znode of each. Of one thread. */
public final class BackupDifference {
    /** Is told of every difference, in the order of a scan. */
    public interface Listener {
        /** Only the second backup has it. */
        void added(ZnodePath path, Znode znode);

        /** Only the first backup has it. */
        void removed(ZnodePath path, Znode znode);

        /**
         * Both have it, not the same.
         *
         * @param facts what differs: value, content type, kind, time to live, owner, or the version alone
         */
        void changed(ZnodePath path, Znode before, Znode after, List<String> facts);
    }

    private BackupDifference() {}

    /** Compares two backups. */
    public static void walk(BackupFile first, BackupFile second, Listener listener) throws IOException {
        try (SnapshotZnodes before = first.znodes();
                SnapshotZnodes after = second.znodes()) {
            Znode old = before.next();
            Znode now = after.next();
            while (old != null || now != null) {
                int order = old == null ? 1 : now == null ? -1 : before.path().compareTo(after.path());
                if (order < 0 && old != null) {
                    listener.removed(before.path(), old);
                    old = before.next();
                } else if (order > 0 && now != null) {
                    listener.added(after.path(), now);
                    now = after.next();
                } else {
                    compare(before.path(), old, now, listener);
                    old = before.next();
                    now = after.next();
                }
            }
        }
    }

    private static void compare(ZnodePath path, @Nullable Znode before, @Nullable Znode after, Listener listener) {
        if (before == null || after == null) {
            return;
        }
        List<String> facts = new ArrayList<>();
        add(facts, "value", !Arrays.equals(before.value(), after.value()));
        add(facts, "content type", !before.contentType().equals(after.contentType()));
        add(facts, "kind", before.kind() != after.kind());
        add(facts, "time to live", before.ttlMillis() != after.ttlMillis());
        add(facts, "owner", before.ownerSession() != after.ownerSession());
        boolean written = before.version() != after.version() || before.modifiedRevision() != after.modifiedRevision();
        add(facts, "version", facts.isEmpty() && written);
        if (!facts.isEmpty()) {
            listener.changed(path, before, after, facts);
        }
    }

    private static void add(List<String> facts, String name, boolean differs) {
        if (differs) {
            facts.add(name);
        }
    }
}
