package io.pathkeeper.server.tree;

import java.util.Arrays;

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

    /**
     * A node of znodes. Beside each stands a mark, a hash of its name: a search for a name compares marks, which lie together in
     * memory, and looks at one name.
     */
    static final class Leaf extends ChildNode {
        Znode[] znodes;
        int[] marks;
        /** Marks change only when znodes come or go, so a copy shares them until then. */
        private boolean ownsMarks;

        Leaf(long editId, Znode[] znodes, int[] marks, int count) {
            super(editId, count);
            this.znodes = znodes;
            this.marks = marks;
            ownsMarks = true;
        }

        Leaf copy(long newEditId) {
            Leaf copy = new Leaf(newEditId, znodes.clone(), marks, count);
            copy.ownsMarks = false;
            return copy;
        }

        /** The marks, to be changed. */
        int[] ownMarks() {
            if (!ownsMarks) {
                marks = marks.clone();
                ownsMarks = true;
            }
            return marks;
        }

        /** Makes room for so many. */
        void resize(int size) {
            znodes = Arrays.copyOf(znodes, size);
            marks = Arrays.copyOf(marks, size);
            ownsMarks = true;
        }
    }

    /** A node of nodes: node {@code i} holds names from {@code lowest[i]} on; {@code lowest[0]} is not looked at. */
    static final class Inner extends ChildNode {
        ChildNode[] nodes;
        byte[][] lowest;
        /** Names change only when nodes come or go, so a copy shares them until then. */
        private boolean ownsLowest;

        Inner(long editId, ChildNode[] nodes, byte[][] lowest, int count) {
            super(editId, count);
            this.nodes = nodes;
            this.lowest = lowest;
            ownsLowest = true;
        }

        Inner copy(long newEditId) {
            Inner copy = new Inner(newEditId, nodes.clone(), lowest, count);
            copy.ownsLowest = false;
            return copy;
        }

        /** The lowest names, to be changed. */
        byte[][] ownLowest() {
            if (!ownsLowest) {
                lowest = lowest.clone();
                ownsLowest = true;
            }
            return lowest;
        }

        /** Makes room for so many. */
        void resize(int size) {
            nodes = Arrays.copyOf(nodes, size);
            lowest = Arrays.copyOf(lowest, size);
            ownsLowest = true;
        }
    }

    /** The mark of a name. */
    static int mark(byte[] bytes, int from, int to) {
        int mark = 0;
        for (int i = from; i < to; i++) {
            mark = 31 * mark + bytes[i];
        }
        return mark;
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
