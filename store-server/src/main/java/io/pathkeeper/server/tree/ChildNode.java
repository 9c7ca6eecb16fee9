package io.pathkeeper.server.tree;

/**
 * A node of the B-tree that holds the children of one znode in the order of their names.
 *
 * <p>Copy on write: a node is changed in place only by the edit whose number it carries; every other edit copies it first. Nodes
 * hold at most {@link #MAX} entries; arrays begin small, so that few children cost little.
 */
abstract class ChildNode {
    static final int MAX = 32;
    /** Below this a node is joined with a neighbour when both fit into one. */
    static final int MIN = 8;

    final long editId;
    int count;

    ChildNode(long editId, int count) {
        this.editId = editId;
        this.count = count;
    }

    /** A node of znodes. */
    static final class Leaf extends ChildNode {
        Znode[] znodes;

        Leaf(long editId, Znode[] znodes, int count) {
            super(editId, count);
            this.znodes = znodes;
        }
    }

    /** A node of nodes: node {@code i} holds names from {@code lowest[i]} on; {@code lowest[0]} is not looked at. */
    static final class Inner extends ChildNode {
        ChildNode[] nodes;
        byte[][] lowest;

        Inner(long editId, ChildNode[] nodes, byte[][] lowest, int count) {
            super(editId, count);
            this.nodes = nodes;
            this.lowest = lowest;
        }
    }

    /** Size of an array for so many entries. */
    static int capacity(int count) {
        int capacity = 4;
        while (capacity < count) {
            capacity <<= 1;
        }
        return capacity;
    }
}
