package io.pathkeeper.server.state;

import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.TreeEditor;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes the changes of a revision with several operations look like one step: for every path at most one change, or a deletion
 * followed by a creation; what was before is the znode at the revision before, what is after is the znode at this one. What came
 * and went within the revision is left out.
 */
final class ChangeFolding {
    private ChangeFolding() {}

    static List<TreeChange> fold(List<TreeChange> changes, TreeEditor.Mark before, TreeEditor after) {
        Map<ZnodePath, Touched> touched = new HashMap<>();
        for (int i = 0; i < changes.size(); i++) {
            TreeChange change = changes.get(i);
            touched.computeIfAbsent(change.path(), path -> new Touched()).add(change, i);
        }
        @Nullable TreeChange[] kept = new TreeChange[changes.size()];
        for (Map.Entry<ZnodePath, Touched> entry : touched.entrySet()) {
            entry.getValue().place(entry.getKey(), before, after, kept);
        }
        List<TreeChange> folded = new ArrayList<>(kept.length);
        Arrays.stream(kept).filter(Objects::nonNull).forEach(folded::add);
        return List.copyOf(folded);
    }

    /** What happened to one path. */
    private static final class Touched {
        private @Nullable TreeChange firstDeletion;
        private @Nullable TreeChange lastCreation;
        private @Nullable TreeChange lastUpdate;
        private int deletedAt;
        private int createdAt;
        private int updatedAt;

        void add(TreeChange change, int at) {
            if (change instanceof TreeChange.Created) {
                lastCreation = change;
                createdAt = at;
            } else if (change instanceof TreeChange.Updated) {
                lastUpdate = change;
                updatedAt = at;
            } else if (firstDeletion == null) {
                firstDeletion = change;
                deletedAt = at;
            }
        }

        void place(ZnodePath path, TreeEditor.Mark before, TreeEditor after, @Nullable TreeChange[] kept) {
            Znode old = before.find(path);
            Znode now = after.find(path);
            if (firstDeletion != null && old != null) {
                kept[deletedAt] = new TreeChange.Deleted(path, firstDeletion.cause(), old.detached());
            }
            if (now == null) {
                return;
            }
            if (lastCreation != null) {
                kept[createdAt] = new TreeChange.Created(path, lastCreation.cause(), now.detached());
            } else if (lastUpdate != null && old != null) {
                kept[updatedAt] = new TreeChange.Updated(path, lastUpdate.cause(), old.detached(), now.detached());
            }
        }
    }
}
