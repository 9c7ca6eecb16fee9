package io.pathkeeper.server.tree;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Walks a subtree, parents first. Holds one way down. Of one thread. */
final class TreeScan implements Iterator<TreeView.Entry> {
    private final Deque<Level> levels = new ArrayDeque<>();
    private TreeView.@Nullable Entry next;

    private record Level(ZnodePath parent, ChildIterator children) {}

    TreeScan(ZnodePath path, @Nullable Znode top) {
        if (top != null) {
            next = new TreeView.Entry(path, top);
        }
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public TreeView.Entry next() {
        TreeView.Entry entry = next;
        if (entry == null) {
            throw new NoSuchElementException("the scan is at its end");
        }
        ZnodeDetails details = entry.znode().details;
        if (details != null && details.children != null) {
            levels.push(new Level(entry.path(), new ChildIterator(details.children)));
        }
        next = following();
        return entry;
    }

    private TreeView.@Nullable Entry following() {
        while (!levels.isEmpty()) {
            Level level = levels.peek();
            Znode child = level.children().next();
            if (child != null) {
                return new TreeView.Entry(level.parent().child(child.name), child);
            }
            levels.pop();
        }
        return null;
    }
}
