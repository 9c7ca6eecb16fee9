package io.pathkeeper.server.observe;

import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.server.tree.Znode;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks the targets of an observation in one view, lazily: holds the view and one way down. A znode that several targets reach
 * comes once. Belongs to one loop.
 */
final class InitialStateScan {
    private final TreeView view;
    private final ObserveFilter filter;
    private int target = -1;
    private Iterator<TreeView.Entry> walk = Collections.emptyIterator();

    InitialStateScan(TreeView view, ObserveFilter filter) {
        this.view = view;
        this.filter = filter;
        advanceTarget();
    }

    /** Revision of the view. */
    long revision() {
        return view.revision();
    }

    /** Whether there is another znode to visit. */
    boolean hasNext() {
        return walk.hasNext();
    }

    /** Visits the next znode. Returns it when it belongs to the initial state. */
    TreeView.@Nullable Entry visit() {
        TreeView.Entry entry = walk.next();
        boolean wanted = filter.passes(entry.path(), entry.znode()) && !filter.reachedByEarlier(target, entry.path());
        advanceTarget();
        return wanted ? entry : null;
    }

    private void advanceTarget() {
        while (!walk.hasNext() && target + 1 < filter.targets().size()) {
            target++;
            walk = start(filter.targets().get(target));
        }
    }

    private Iterator<TreeView.Entry> start(ObserveTarget place) {
        Znode znode = view.find(place.path());
        if (znode == null) {
            return Collections.emptyIterator();
        }
        TreeView.Entry top = new TreeView.Entry(place.path(), znode);
        return switch (place.scope()) {
            case NODE -> List.of(top).iterator();
            case CHILDREN -> new DepthWalk(view, top, 1, false);
            case SUBTREE ->
                filter.maxDepth() == 0 ? view.scan(place.path()) : new DepthWalk(view, top, filter.maxDepth(), true);
        };
    }
}
