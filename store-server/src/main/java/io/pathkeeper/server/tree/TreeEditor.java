package io.pathkeeper.server.tree;

import io.pathkeeper.server.value.ValueHash;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Changes the tree. Of the apply thread.
 *
 * <p>Invariant: nothing that a published view, a mark or a detached znode can reach is ever changed. An edit, from one
 * {@link #publish} or {@link #mark} to the next, copies what it touches once and changes its copies in place afterwards. The
 * rules of the store are the caller's: what is asked for here must be possible.
 */
public final class TreeEditor {
    private static final long SAME_OWNER = -1;

    private final ChildEditor children = new ChildEditor();
    private final DeadlineIndex deadlines = new DeadlineIndex();
    /** The details that the last {@link #ownedDetails(byte[], int, long)} came by; nothing when their bytes were counted. */
    private final @Nullable ZnodeDetails[] way = new ZnodeDetails[ZnodePath.MAX_DEPTH + 1];

    private int wayLength;
    private long editId;
    private Znode root;
    private long dataBytes;
    private long digest;
    private long ephemeralCount;
    private long ttlCount;
    private long wallMillis;
    private long clusterMillis;

    /** Where a tree can be returned to. */
    public static final class Mark {
        private final Znode root;
        private final long dataBytes;
        private final long digest;
        private final long ephemeralCount;
        private final long ttlCount;

        private Mark(TreeEditor tree) {
            root = tree.root;
            dataBytes = tree.dataBytes;
            digest = tree.digest;
            ephemeralCount = tree.ephemeralCount;
            ttlCount = tree.ttlCount;
        }

        /** The znode that was at a path at the mark, or null. */
        public @Nullable Znode find(ZnodePath path) {
            return TreeSearch.find(root, path);
        }
    }

    /** Is shown every znode that goes, children before parents. */
    public interface Removal {
        /** One znode as it was. */
        void removed(ZnodePath path, Znode before);
    }

    /** A tree with nothing but this root. */
    public TreeEditor(Znode root) {
        this.root = withoutCounts(root.detached());
        this.dataBytes = root.value.length;
        this.digest = TreeDigest.of(TreeDigest.pathHash(ZnodePath.ROOT), this.root);
        nextEdit();
    }

    private void nextEdit() {
        editId++;
        children.editId(editId);
    }

    /** The time of the changes that follow. */
    public void setTime(long newWallMillis, long newClusterMillis) {
        wallMillis = newWallMillis;
        clusterMillis = newClusterMillis;
    }

    /** The znode at a path as it is now, or null. To be kept only {@link Znode#detached()}. */
    public @Nullable Znode find(ZnodePath path) {
        return TreeSearch.find(root, path);
    }

    /** Number of znodes, the root included. */
    public long znodeCount() {
        return root.descendantCount() + 1;
    }

    /** Number of ephemeral znodes. */
    public long ephemeralCount() {
        return ephemeralCount;
    }

    /** Digest of the tree as it is now. */
    public long digest() {
        return digest;
    }

    /** Earliest deadline in cluster time, {@link Long#MAX_VALUE} for none. */
    public long earliestDeadlineMillis() {
        return deadlines.earliestMillis();
    }

    /** Path of the znode with the earliest deadline, or null. */
    public @Nullable ZnodePath earliestDeadlinePath() {
        return deadlines.earliestPath();
    }

    /** Remembers the tree so that {@link #returnTo} can return to it; ended by that or by {@link #keep}. */
    public Mark mark() {
        nextEdit();
        deadlines.record();
        return new Mark(this);
    }

    /** Takes back everything since the mark. */
    public void returnTo(Mark mark) {
        root = mark.root;
        dataBytes = mark.dataBytes;
        digest = mark.digest;
        ephemeralCount = mark.ephemeralCount;
        ttlCount = mark.ttlCount;
        deadlines.takeBack();
    }

    /** Keeps what was done since the mark. */
    public void keep() {
        deadlines.keep();
    }

    /** The tree as it is now, for everybody. */
    public TreeView publish(long revision) {
        nextEdit();
        return new TreeView(root, revision, dataBytes, ttlCount, digest);
    }

    /**
     * Adds a znode below one that is there and has no child of this name.
     *
     * @param znode what is added, as {@link ZnodeBuilder} makes it
     * @param nextSequence the parent's next number from now on, or 0 to leave it
     */
    public void insert(ZnodePath path, Znode znode, long nextSequence) {
        byte[] utf8 = path.utf8();
        int parentLength = path.parentLength();
        ZnodeDetails parent = ownedDetails(utf8, parentLength, 1);
        addBytes(znode.value.length);
        long parentHash = ValueHash.hash64(utf8, 0, parentLength);
        digest -= TreeDigest.ofChildren(parentHash, parent);
        if (parent.childCount == 0 && parent.deadlineMillis > 0) {
            deadlines.remove(parent.deadlineMillis, path.parent());
            if (parent.kind == ZnodeKind.CONTAINER) {
                parent.deadlineMillis = 0;
            }
        }
        parent.children = children.insert(parent.children, znode);
        parent.childCount++;
        parent.childrenVersion++;
        parent.childrenRevision = znode.createdRevision;
        if (nextSequence > 0) {
            parent.nextSequence = nextSequence;
        }
        digest += TreeDigest.ofChildren(parentHash, parent) + TreeDigest.of(TreeDigest.pathHash(path), znode);
        dataBytes += znode.value.length;
        count(znode, 1);
        if (znode.deadlineMillis() > 0) {
            deadlines.add(znode.deadlineMillis(), path);
        }
    }

    /** Puts back a stored znode; parents come before their children. Its own facts stay as they are, counts are made anew. */
    public void restore(ZnodePath path, Znode stored) {
        byte[] utf8 = path.utf8();
        ZnodeDetails parent = ownedDetails(utf8, path.parentLength(), 1);
        addBytes(stored.value.length);
        long parentHash = ValueHash.hash64(utf8, 0, path.parentLength());
        digest -= TreeDigest.ofChildren(parentHash, parent);
        if (parent.childCount == 0 && parent.deadlineMillis > 0) {
            deadlines.remove(parent.deadlineMillis, path.parent());
        }
        Znode znode = withoutCounts(stored);
        parent.children = children.insert(parent.children, znode);
        parent.childCount++;
        digest += TreeDigest.ofChildren(parentHash, parent) + TreeDigest.of(TreeDigest.pathHash(path), znode);
        dataBytes += znode.value.length;
        count(znode, 1);
        if (znode.deadlineMillis() > 0) {
            deadlines.add(znode.deadlineMillis(), path);
        }
    }

    private void count(Znode znode, int by) {
        switch (znode.kind()) {
            case EPHEMERAL -> ephemeralCount += by;
            case TTL -> ttlCount += by;
            default -> {} // nobody asks for the others
        }
    }

    static Znode withoutCounts(Znode stored) {
        if (stored.details == null) {
            return stored;
        }
        ZnodeDetails details = stored.details.detached();
        details.childCount = 0;
        details.descendantCount = 0;
        details.descendantBytes = 0;
        return stored.with(details);
    }

    /** Gives a znode a new value; its version goes up and a time to live begins anew unless it is absolute. */
    public Znode setValue(ZnodePath path, byte[] value, String contentType, long revision) {
        return setValue(path, value, contentType, SAME_OWNER, 0, revision);
    }

    /** As {@link #setValue(ZnodePath, byte[], String, long)}; raises the number of the next sequential child where it is below. */
    public Znode setValue(ZnodePath path, byte[] value, String contentType, long leastSequence, long revision) {
        return setValue(path, value, contentType, SAME_OWNER, leastSequence, revision);
    }

    /** As {@link #setValue(ZnodePath, byte[], String, long)}, and gives an ephemeral znode to another session. */
    public Znode handOver(ZnodePath path, byte[] value, String contentType, long ownerSession, long revision) {
        return setValue(path, value, contentType, ownerSession, 0, revision);
    }

    private Znode setValue(
            ZnodePath path, byte[] value, String contentType, long owner, long leastSequence, long revision) {
        byte[] utf8 = path.utf8();
        if (path.isRoot()) {
            root = changed(path, root, value, contentType, owner, leastSequence, revision);
            return root;
        }
        int parentLength = path.parentLength();
        int from = parentLength == 1 ? 1 : parentLength + 1;
        ZnodeDetails parent = ownedDetails(utf8, parentLength, 0);
        ChildNode top = children.own(Objects.requireNonNull(parent.children));
        parent.children = top;
        ChildNode.Leaf leaf = children.ownedLeaf(top, utf8, from, utf8.length);
        int at = ChildSearch.exact(leaf, utf8, from, utf8.length);
        addBytes(value.length - leaf.znodes[at].value.length);
        Znode znode = changed(path, leaf.znodes[at], value, contentType, owner, leastSequence, revision);
        leaf.znodes[at] = znode;
        return znode;
    }

    private Znode changed(
            ZnodePath path,
            Znode old,
            byte[] value,
            String contentType,
            long owner,
            long leastSequence,
            long revision) {
        long pathHash = TreeDigest.pathHash(path);
        digest -= TreeDigest.of(pathHash, old);
        ZnodeDetails details = old.details;
        if (!contentType.equals(old.contentType())) {
            details = (details == null ? newDetails() : details).withContentType(editId, contentType);
        }
        if (details != null && owner != SAME_OWNER) {
            details = details.withOwner(editId, owner);
        }
        if (old.nextSequence() < leastSequence) {
            details = (details == null ? newDetails() : details).ownedBy(editId);
            details.nextSequence = leastSequence;
        }
        if (details != null && details.ttlMillis > 0 && !details.ttlAbsolute) {
            details = restarted(path, details);
        }
        Znode znode = new Znode(
                old.name,
                value,
                details,
                old.createdRevision,
                revision,
                old.createdAtMillis,
                wallMillis,
                old.version + 1);
        digest += TreeDigest.of(pathHash, znode);
        dataBytes += value.length - old.value.length;
        return znode;
    }

    private ZnodeDetails restarted(ZnodePath path, ZnodeDetails details) {
        ZnodeDetails owned = details.editId == editId ? details : details.ownedBy(editId);
        if (owned.childCount == 0) {
            deadlines.remove(owned.deadlineMillis, path);
        }
        owned.deadlineMillis = clusterMillis + owned.ttlMillis;
        if (owned.childCount == 0) {
            deadlines.add(owned.deadlineMillis, path);
        }
        return owned;
    }

    /**
     * Removes a znode, which is not the root, with everything below it.
     *
     * @return how many were removed
     */
    public long remove(ZnodePath path, long revision, Removal removal) {
        Znode top = Objects.requireNonNull(find(path));
        forget(path, top, removal);
        long count = top.descendantCount() + 1;
        byte[] utf8 = path.utf8();
        int parentLength = path.parentLength();
        ZnodeDetails parent = ownedDetails(utf8, parentLength, -count);
        addBytes(-top.value.length - top.descendantBytes());
        long parentHash = ValueHash.hash64(utf8, 0, parentLength);
        digest -= TreeDigest.ofChildren(parentHash, parent);
        parent.children = children.remove(Objects.requireNonNull(parent.children), top.name);
        parent.childCount--;
        parent.childrenVersion++;
        parent.childrenRevision = revision;
        if (parent.childCount == 0 && parent.ttlMillis > 0) {
            if (!parent.ttlAbsolute) {
                parent.deadlineMillis = clusterMillis + parent.ttlMillis;
            }
            deadlines.add(parent.deadlineMillis, path.parent());
        }
        digest += TreeDigest.ofChildren(parentHash, parent);
        return count;
    }

    private void forget(ZnodePath path, Znode znode, Removal removal) {
        ZnodeDetails details = znode.details;
        if (details != null && details.children != null) {
            ChildIterator below = new ChildIterator(details.children);
            for (Znode child = below.next(); child != null; child = below.next()) {
                forget(path.child(child.name), child, removal);
            }
        }
        digest -= TreeDigest.of(TreeDigest.pathHash(path), znode);
        dataBytes -= znode.value.length;
        count(znode, -1);
        if (znode.deadlineMillis() > 0 && znode.childCount() == 0) {
            deadlines.remove(znode.deadlineMillis(), path);
        }
        removal.removed(path, znode);
    }

    /**
     * Details of a znode that this edit may change; the znodes above are made changeable on the way.
     *
     * @param length the path ends before this byte
     * @param more added to the number of descendants of the znode and of all above it
     */
    private ZnodeDetails ownedDetails(byte[] utf8, int length, long more) {
        ZnodeDetails details = ownedDetails(root);
        if (details != root.details) {
            root = root.with(details);
        }
        details.descendantCount += more;
        way[0] = details;
        wayLength = 1;
        int from = 1;
        while (from < length) {
            int to = TreeSearch.endOfName(utf8, from, length);
            ChildNode top = children.own(Objects.requireNonNull(details.children));
            details.children = top;
            ChildNode.Leaf leaf = children.ownedLeaf(top, utf8, from, to);
            int at = ChildSearch.exact(leaf, utf8, from, to);
            Znode child = leaf.znodes[at];
            details = ownedDetails(child);
            if (details != child.details) {
                leaf.znodes[at] = child.with(details);
            }
            details.descendantCount += more;
            way[wayLength++] = details;
            from = to + 1;
        }
        return details;
    }

    /** So many bytes of values are added below all znodes that the last edit came by. */
    private void addBytes(long more) {
        for (int i = 0; i < wayLength; i++) {
            Objects.requireNonNull(way[i]).descendantBytes += more;
            way[i] = null; // it must not keep an old tree
        }
        wayLength = 0;
    }

    private ZnodeDetails ownedDetails(Znode znode) {
        ZnodeDetails details = znode.details;
        if (details == null) {
            return newDetails();
        }
        return details.editId == editId ? details : details.ownedBy(editId);
    }

    private ZnodeDetails newDetails() {
        return new ZnodeDetails(editId, ZnodeKind.PERSISTENT, "", 0, 0, false, 0);
    }
}
