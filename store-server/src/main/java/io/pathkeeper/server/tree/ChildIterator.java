package io.pathkeeper.server.tree;

import org.jspecify.annotations.Nullable;

/** Walks the children of one znode in order; holds one way down its B-tree. Of one thread. */
final class ChildIterator {
    private final @Nullable ChildIterator below;
    private ChildNode.@Nullable Leaf leaf;
    private ChildNode.@Nullable Inner inner;
    private int at;

    ChildIterator(ChildNode node) {
        if (node instanceof ChildNode.Inner top) {
            inner = top;
            below = new ChildIterator(top.nodes[0]);
        } else {
            leaf = (ChildNode.Leaf) node;
            below = null;
        }
    }

    private void restart(ChildNode node) {
        at = 0;
        if (node instanceof ChildNode.Inner top && below != null) {
            inner = top;
            below.restart(top.nodes[0]);
        } else {
            leaf = (ChildNode.Leaf) node;
        }
    }

    /** The next child, or null at the end. */
    @Nullable
    Znode next() {
        if (leaf != null) {
            return at < leaf.count ? leaf.znodes[at++] : null;
        }
        while (inner != null && below != null) {
            Znode znode = below.next();
            if (znode != null) {
                return znode;
            }
            at++;
            if (at >= inner.count) {
                return null;
            }
            below.restart(inner.nodes[at]);
        }
        return null;
    }
}
