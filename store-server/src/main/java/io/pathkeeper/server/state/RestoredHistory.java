package io.pathkeeper.server.state;

import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.TreeEditor;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Has the changes of a snapshot's history share znodes and paths with the tree and with one another, as they did in the server that wrote it. A snapshot holds each for
 * itself: without this a server needs more memory behind a restart than before. Of one thread; it holds a reference for each path of the history until it is dropped.
 */
final class RestoredHistory {
    private final TreeEditor tree;
    /** The last change of each path that left a znode. */
    private final Map<ZnodePath, TreeChange> last = new HashMap<>();

    RestoredHistory(TreeEditor tree) {
        this.tree = tree;
    }

    /** The same changes; revisions come in ascending order. */
    RevisionChanges share(RevisionChanges restored) {
        if (restored.changes().isEmpty()) {
            return restored;
        }
        List<TreeChange> changes = new ArrayList<>(restored.changes().size());
        for (TreeChange change : restored.changes()) {
            changes.add(share(change));
        }
        return new RevisionChanges(
                restored.revision(), restored.clusterMillis(), List.copyOf(changes), restored.coordination());
    }

    private TreeChange share(TreeChange change) {
        TreeChange earlier = last.get(change.path());
        ZnodePath path = earlier == null ? change.path() : earlier.path();
        Znode before = earlier == null ? change.before() : either(earlier.after(), change.before());
        Znode after = change.after() == null ? null : either(tree.find(path), change.after());
        if (after == null) {
            last.remove(path);
            return new TreeChange.Deleted(path, change.cause(), Objects.requireNonNull(before));
        }
        TreeChange shared = before == null
                ? new TreeChange.Created(path, change.cause(), after)
                : new TreeChange.Updated(path, change.cause(), before, after);
        last.put(path, shared);
        return shared;
    }

    /** The one that is held already where both are the same. */
    private static @Nullable Znode either(@Nullable Znode held, @Nullable Znode restored) {
        return held != null && restored != null && held.isSameLeaf(restored) ? held : restored;
    }
}
