package io.pathkeeper.server.tree;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the B-trees of children. Stateless; makes no objects. */
final class ChildSearch {
    private ChildSearch() {}

    /** The child whose name is the range of bytes, or null. */
    static @Nullable Znode find(@Nullable ChildNode top, byte[] bytes, int from, int to) {
        ChildNode node = top;
        while (node instanceof ChildNode.Inner inner) {
            node = inner.nodes[slot(inner, bytes, from, to)];
        }
        if (node instanceof ChildNode.Leaf leaf) {
            int at = exact(leaf, bytes, from, to);
            return at < 0 ? null : leaf.znodes[at];
        }
        return null;
    }

    /** Which node of an inner node holds the name. */
    static int slot(ChildNode.Inner inner, byte[] bytes, int from, int to) {
        int low = 1;
        int high = inner.count - 1;
        if (high < 1) {
            return 0;
        }
        int common = inner.common();
        if (common > 0) {
            int order = inner.compareCommon(bytes, from, to);
            if (order != 0) {
                // all the lowest names lie on one side of it
                return order < 0 ? high : 0;
            }
        }
        long key = ChildNode.key(bytes, from + common, to);
        long[] keys = inner.keys();
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Long.compareUnsigned(keys[middle], key);
            if (order == 0) {
                byte[] lowest = inner.lowest[middle];
                order = Arrays.compareUnsigned(lowest, common, lowest.length, bytes, from + common, to);
            }
            if (order <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return low - 1;
    }

    /** Position of the name in a leaf, or -1. */
    static int exact(ChildNode.Leaf leaf, byte[] bytes, int from, int to) {
        int mark = ChildNode.mark(bytes, from, to);
        int[] marks = leaf.marks;
        for (int i = 0; i < leaf.count; i++) {
            if (marks[i] == mark) {
                byte[] name = leaf.znodes[i].name;
                if (Arrays.equals(name, 0, name.length, bytes, from, to)) {
                    return i;
                }
            }
        }
        return -1;
    }

    /** Position of the name in a leaf, or {@code -(position to insert at) - 1}. */
    static int position(ChildNode.Leaf leaf, byte[] bytes, int from, int to) {
        int low = 0;
        int high = leaf.count - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            byte[] name = leaf.znodes[middle].name;
            int order = Arrays.compareUnsigned(name, 0, name.length, bytes, from, to);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    /**
     * Adds children in order to a list.
     *
     * @param start names from this one on
     * @param exclusive whether {@code start} itself is left out
     * @param prefix the first name that does not begin with this ends the walk
     * @return false when the walk is over
     */
    static boolean collect(
            @Nullable ChildNode node, byte[] start, boolean exclusive, byte[] prefix, int limit, List<Znode> into) {
        if (node instanceof ChildNode.Inner inner) {
            boolean goOn = true;
            for (int i = slot(inner, start, 0, start.length); i < inner.count && goOn; i++) {
                goOn = collect(inner.nodes[i], start, exclusive, prefix, limit, into);
            }
            return goOn;
        }
        if (node instanceof ChildNode.Leaf leaf) {
            int at = position(leaf, start, 0, start.length);
            int first = at < 0 ? -at - 1 : exclusive ? at + 1 : at;
            for (int i = first; i < leaf.count; i++) {
                if (into.size() >= limit || !beginsWith(leaf.znodes[i].name, prefix)) {
                    return false;
                }
                into.add(leaf.znodes[i]);
            }
            return into.size() < limit;
        }
        return false;
    }

    private static boolean beginsWith(byte[] name, byte[] prefix) {
        return name.length >= prefix.length && Arrays.equals(name, 0, prefix.length, prefix, 0, prefix.length);
    }
}
