package io.pathkeeper.server.observe;

import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Walks a subtree down to a depth, parents before children, siblings in the order of their names. Lazy: holds one page of
 * children for each level and never visits what lies deeper.
 */
final class DepthWalk implements Iterator<TreeView.Entry> {
    private static final int PAGE = 128;
    private static final byte[] NOTHING = {};

    /** The children of one znode that are still to come. */
    private final class Level {
        final ZnodePath parent;
        List<Znode> page;
        int at;

        Level(ZnodePath parent) {
            this.parent = parent;
            this.page = view.children(parent, NOTHING, NOTHING, PAGE);
        }

        boolean hasNext() {
            if (at < page.size()) {
                return true;
            }
            if (page.size() < PAGE) {
                return false;
            }
            page = view.children(parent, page.get(PAGE - 1).name(), NOTHING, PAGE);
            at = 0;
            return !page.isEmpty();
        }
    }

    private final TreeView view;
    private final int maxDepth;
    private final ArrayDeque<Level> levels = new ArrayDeque<>();
    private TreeView.Entry top;
    private boolean topIsNext;

    /**
     * Begins at a znode.
     *
     * @param maxDepth levels below the top, at least 1
     * @param withTop whether the top comes, too
     */
    DepthWalk(TreeView view, TreeView.Entry top, int maxDepth, boolean withTop) {
        this.view = view;
        this.maxDepth = maxDepth;
        this.top = top;
        this.topIsNext = withTop;
        if (!withTop) {
            descend(top);
        }
    }

    private void descend(TreeView.Entry entry) {
        if (levels.size() < maxDepth && entry.znode().childCount() > 0) {
            levels.push(new Level(entry.path()));
        }
    }

    @Override
    public boolean hasNext() {
        if (topIsNext) {
            return true;
        }
        while (!levels.isEmpty()) {
            if (levels.element().hasNext()) {
                return true;
            }
            levels.pop();
        }
        return false;
    }

    @Override
    public TreeView.Entry next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        TreeView.Entry entry;
        if (topIsNext) {
            topIsNext = false;
            entry = top;
        } else {
            Level level = levels.element();
            Znode znode = level.page.get(level.at++);
            entry = new TreeView.Entry(level.parent.child(znode.name()), znode);
        }
        descend(entry);
        return entry;
    }
}
