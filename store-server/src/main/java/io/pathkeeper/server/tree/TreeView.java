package io.pathkeeper.server.tree;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The whole tree at one revision. Immutable; any thread may read it for as long as it likes, without a lock. */
public final class TreeView {
    private final Znode root;
    private final long revision;
    private final long dataBytes;
    private final long ttlCount;
    private final long digest;

    TreeView(Znode root, long revision, long dataBytes, long ttlCount, long digest) {
        this.root = root;
        this.revision = revision;
        this.dataBytes = dataBytes;
        this.ttlCount = ttlCount;
        this.digest = digest;
    }

    /** A znode and where it is. */
    public record Entry(ZnodePath path, Znode znode) {}

    /** Revision of the newest change that this view shows. */
    public long revision() {
        return revision;
    }

    /** Number of znodes, the root included. */
    public long znodeCount() {
        return root.descendantCount() + 1;
    }

    /** Size of all encoded values together. */
    public long dataBytes() {
        return dataBytes;
    }

    /** Number of znodes with a time to live. */
    public long ttlCount() {
        return ttlCount;
    }

    /** Digest of the tree: equal trees have equal digests. */
    public long digest() {
        return digest;
    }

    /** The root, which is always there. */
    public Znode root() {
        return root;
    }

    /** The znode at a path, or null. */
    public @Nullable Znode find(ZnodePath path) {
        return TreeSearch.find(root, path);
    }

    /**
     * Children of a znode in the order of their names.
     *
     * @param parent path of the znode; there are no children when there is no znode
     * @param after only names behind this one; empty: from the first
     * @param prefix only names that begin with this; empty: all
     * @param limit at most so many
     */
    public List<Znode> children(ZnodePath parent, byte[] after, byte[] prefix, int limit) {
        Znode znode = find(parent);
        List<Znode> found = new ArrayList<>();
        if (znode != null && znode.details != null && limit > 0) {
            boolean behind = after.length > 0 && Arrays.compareUnsigned(after, prefix) >= 0;
            ChildSearch.collect(znode.details.children, behind ? after : prefix, behind, prefix, limit, found);
        }
        return found;
    }

    /**
     * Walks a subtree: parents before children, siblings in the order of their names. Lazy: holds one way down, not the tree.
     *
     * @param top the first one of the walk; the walk is empty when there is none
     */
    public Iterator<Entry> scan(ZnodePath top) {
        return new TreeScan(top, find(top));
    }
}
