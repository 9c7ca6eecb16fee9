package io.pathkeeper.server.tree;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A node of the B-tree that holds the children of one znode in the order of their names.
 *
 * <p>Copy on write: a node is changed in place only by the edit whose number it carries; every other edit copies it first. Nodes
 * hold at most {@link #MAX} entries; arrays begin small, so that few children cost little.
 */
abstract class ChildNode {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

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

    /**
     * A node of nodes: node {@code i} holds names from {@code lowest[i]} on; {@code lowest[0]} is not looked at. The lowest names of
     * one node begin alike as a rule, and differ soon behind that: eight bytes of each, from where they differ on, lie together in
     * memory, so that most searches touch one or two of the names.
     */
    static final class Inner extends ChildNode {
        ChildNode[] nodes;
        byte[][] lowest;
        /** How many bytes all the lowest names have in common. */
        private int common;
        /** The first eight of these bytes, zeros behind their end: here, because a name lies somewhere else in memory. */
        private long commonKey;

        private long[] keys = {};
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
            copy.common = common;
            copy.commonKey = commonKey;
            copy.keys = keys;
            return copy;
        }

        /** The lowest names, to be changed; {@link #named} follows. */
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

        /** The names and the count are as they stay: makes the keys. Before anybody else sees the node. */
        void named() {
            common = commonBytes();
            commonKey = common == 0 ? 0 : key(lowest[1], 0, Math.min(common, Long.BYTES));
            keys = new long[count];
            for (int i = 1; i < count; i++) {
                keys[i] = key(lowest[i], common, lowest[i].length);
            }
        }

        private int commonBytes() {
            int bytes = count < 2 ? 0 : lowest[1].length;
            // in order of the names: what the first and the last one share, all share
            for (int i = 0; i < bytes; i++) {
                byte[] last = lowest[count - 1];
                if (i >= last.length || last[i] != lowest[1][i]) {
                    return i;
                }
            }
            return bytes;
        }

        int common() {
            return common;
        }

        /**
         * What all the lowest names begin with, compared with a name.
         *
         * @return 0 when the name begins so, too; below 0 when it stands behind all of them, above 0 when before
         */
        int compareCommon(byte[] bytes, int from, int to) {
            int shared = Math.min(common, to - from);
            if (common <= Long.BYTES && shared == common) {
                return Long.compareUnsigned(commonKey, key(bytes, from, from + common));
            }
            int order = Arrays.compareUnsigned(lowest[1], 0, shared, bytes, from, from + shared);
            return order == 0 && shared < common ? 1 : order;
        }

        long[] keys() {
            return keys;
        }
    }

    /** Eight bytes of a name from a position on, zeros behind its end, in the order of unsigned numbers. */
    static long key(byte[] bytes, int from, int to) {
        if (to - from >= Long.BYTES) {
            return (long) LONGS.get(bytes, from);
        }
        long key = 0;
        for (int i = from; i < from + Long.BYTES; i++) {
            key = key << 8 | (i < to ? bytes[i] & 0xff : 0);
        }
        return key;
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
