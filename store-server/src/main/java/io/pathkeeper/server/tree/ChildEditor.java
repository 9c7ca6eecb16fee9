package io.pathkeeper.server.tree;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Changes the B-trees of children for one edit at a time. Of the apply thread. */
final class ChildEditor {
    private long editId;

    /** From now on nodes are changed in place only when they carry this number. */
    void editId(long newEditId) {
        editId = newEditId;
    }

    /** Adds a znode whose name is not there yet. Returns the top. */
    ChildNode insert(@Nullable ChildNode top, Znode znode) {
        if (top == null) {
            Znode[] znodes = new Znode[ChildNode.capacity(1)];
            int[] marks = new int[znodes.length];
            znodes[0] = znode;
            marks[0] = ChildNode.mark(znode.name, 0, znode.name.length);
            return new ChildNode.Leaf(editId, znodes, marks, 1);
        }
        byte[] name = znode.name;
        ChildNode owned = own(top);
        if (owned.count == ChildNode.MAX) {
            ChildNode.Inner inner = new ChildNode.Inner(editId, new ChildNode[4], new byte[4][], 1);
            inner.nodes[0] = owned;
            split(inner, 0, name);
            owned = inner;
        }
        ChildNode node = owned;
        while (node instanceof ChildNode.Inner inner) {
            int slot = ChildSearch.slot(inner, name, 0, name.length);
            if (inner.nodes[slot].count == ChildNode.MAX) {
                split(inner, slot, name);
                slot = ChildSearch.slot(inner, name, 0, name.length);
            }
            node = ownBelow(inner, slot);
        }
        insertIntoLeaf((ChildNode.Leaf) node, znode);
        return owned;
    }

    private static void insertIntoLeaf(ChildNode.Leaf leaf, Znode znode) {
        int at = -ChildSearch.position(leaf, znode.name, 0, znode.name.length) - 1;
        if (at < 0) {
            throw new IllegalStateException("a child with this name is there already");
        }
        if (leaf.count == leaf.znodes.length) {
            leaf.resize(ChildNode.capacity(leaf.count + 1));
        }
        int[] marks = leaf.ownMarks();
        System.arraycopy(leaf.znodes, at, leaf.znodes, at + 1, leaf.count - at);
        System.arraycopy(marks, at, marks, at + 1, leaf.count - at);
        leaf.znodes[at] = znode;
        marks[at] = ChildNode.mark(znode.name, 0, znode.name.length);
        leaf.count++;
    }

    /** Removes the znode of this name, which is there. Returns the top, or null when nothing is left. */
    @Nullable
    ChildNode remove(ChildNode top, byte[] name) {
        ChildNode owned = own(top);
        removeBelow(owned, name);
        if (owned.count == 0) {
            return null;
        }
        return owned instanceof ChildNode.Inner inner && inner.count == 1 ? inner.nodes[0] : owned;
    }

    private void removeBelow(ChildNode node, byte[] name) {
        if (node instanceof ChildNode.Inner inner) {
            int slot = ChildSearch.slot(inner, name, 0, name.length);
            ChildNode below = ownBelow(inner, slot);
            removeBelow(below, name);
            if (below.count == 0) {
                removeSlot(inner, slot);
            } else if (below.count < ChildNode.MIN) {
                join(inner, slot);
            }
            return;
        }
        ChildNode.Leaf leaf = (ChildNode.Leaf) node;
        int at = ChildSearch.exact(leaf, name, 0, name.length);
        if (at < 0) {
            throw new IllegalStateException("no child to remove");
        }
        int[] marks = leaf.ownMarks();
        System.arraycopy(leaf.znodes, at + 1, leaf.znodes, at, leaf.count - at - 1);
        System.arraycopy(marks, at + 1, marks, at, leaf.count - at - 1);
        leaf.count--;
        Arrays.fill(leaf.znodes, leaf.count, leaf.count + 1, null);
    }

    /** Joins the node in a slot with a neighbour when both fit into one; the inner node is owned. */
    private void join(ChildNode.Inner inner, int slot) {
        int left = slot > 0 ? slot - 1 : slot;
        if (left + 1 >= inner.count || inner.nodes[left].count + inner.nodes[left + 1].count > ChildNode.MAX) {
            return;
        }
        ChildNode into = ownBelow(inner, left);
        ChildNode from = inner.nodes[left + 1];
        int count = into.count + from.count;
        if (into instanceof ChildNode.Leaf a && from instanceof ChildNode.Leaf b) {
            a.resize(ChildNode.capacity(count));
            System.arraycopy(b.znodes, 0, a.znodes, a.count, b.count);
            System.arraycopy(b.marks, 0, a.marks, a.count, b.count);
        } else if (into instanceof ChildNode.Inner a && from instanceof ChildNode.Inner b) {
            a.resize(ChildNode.capacity(count));
            System.arraycopy(b.nodes, 0, a.nodes, a.count, b.count);
            System.arraycopy(b.lowest, 0, a.lowest, a.count, b.count);
            a.lowest[a.count] = inner.lowest[left + 1];
        }
        into.count = count;
        if (into instanceof ChildNode.Inner joined) {
            joined.named();
        }
        removeSlot(inner, left + 1);
    }

    private static void removeSlot(ChildNode.Inner inner, int slot) {
        int behind = inner.count - slot - 1;
        System.arraycopy(inner.nodes, slot + 1, inner.nodes, slot, behind);
        byte[][] lowest = inner.ownLowest();
        System.arraycopy(lowest, slot + 1, lowest, slot, behind);
        inner.count--;
        Arrays.fill(inner.nodes, inner.count, inner.count + 1, null);
        Arrays.fill(lowest, inner.count, inner.count + 1, null);
        inner.named();
    }

    /** Splits the full node in a slot of an owned inner node that has room: in the middle, or at the end when names ascend. */
    private void split(ChildNode.Inner inner, int slot, byte[] name) {
        ChildNode full = ownBelow(inner, slot);
        boolean ascending = slot == inner.count - 1 && isBehind(full, name);
        int keep = ascending ? ChildNode.MAX - 1 : ChildNode.MAX / 2;
        int moved = ChildNode.MAX - keep;
        ChildNode right;
        byte[] lowest;
        if (full instanceof ChildNode.Leaf leaf) {
            Znode[] znodes = new Znode[ChildNode.capacity(moved + 1)];
            int[] marks = new int[znodes.length];
            System.arraycopy(leaf.znodes, keep, znodes, 0, moved);
            System.arraycopy(leaf.marks, keep, marks, 0, moved);
            Arrays.fill(leaf.znodes, keep, ChildNode.MAX, null);
            right = new ChildNode.Leaf(editId, znodes, marks, moved);
            lowest = znodes[0].name;
        } else {
            ChildNode.Inner wide = (ChildNode.Inner) full;
            ChildNode[] nodes = new ChildNode[ChildNode.capacity(moved + 1)];
            byte[][] names = new byte[nodes.length][];
            System.arraycopy(wide.nodes, keep, nodes, 0, moved);
            System.arraycopy(wide.lowest, keep, names, 0, moved);
            Arrays.fill(wide.nodes, keep, ChildNode.MAX, null);
            Arrays.fill(wide.ownLowest(), keep, ChildNode.MAX, null);
            right = new ChildNode.Inner(editId, nodes, names, moved);
            lowest = names[0];
        }
        full.count = keep;
        if (full instanceof ChildNode.Inner left && right instanceof ChildNode.Inner rest) {
            left.named();
            rest.named();
        }
        insertSlot(inner, slot + 1, right, lowest);
    }

    private static boolean isBehind(ChildNode node, byte[] name) {
        byte[] last = node instanceof ChildNode.Leaf leaf
                ? leaf.znodes[leaf.count - 1].name
                : ((ChildNode.Inner) node).lowest[node.count - 1];
        return Arrays.compareUnsigned(last, name) < 0;
    }

    private static void insertSlot(ChildNode.Inner inner, int slot, ChildNode node, byte[] lowest) {
        if (inner.count == inner.nodes.length) {
            inner.resize(ChildNode.capacity(inner.count + 1));
        }
        byte[][] names = inner.ownLowest();
        int behind = inner.count - slot;
        System.arraycopy(inner.nodes, slot, inner.nodes, slot + 1, behind);
        System.arraycopy(names, slot, names, slot + 1, behind);
        inner.nodes[slot] = node;
        names[slot] = lowest;
        inner.count++;
        inner.named();
    }

    private ChildNode ownBelow(ChildNode.Inner inner, int slot) {
        ChildNode node = own(inner.nodes[slot]);
        inner.nodes[slot] = node;
        return node;
    }

    /** The node itself when this edit may change it, else a copy. */
    ChildNode own(ChildNode node) {
        if (node.editId == editId) {
            return node;
        }
        return node instanceof ChildNode.Leaf leaf ? leaf.copy(editId) : ((ChildNode.Inner) node).copy(editId);
    }

    /** The leaf that holds a name or would hold it; the whole way down to it is owned afterwards. The top must be owned. */
    ChildNode.Leaf ownedLeaf(ChildNode ownedTop, byte[] bytes, int from, int to) {
        ChildNode node = ownedTop;
        while (node instanceof ChildNode.Inner inner) {
            node = ownBelow(inner, ChildSearch.slot(inner, bytes, from, to));
        }
        return (ChildNode.Leaf) node;
    }
}
