package io.pathkeeper.server.tree;

import io.pathkeeper.server.value.ValueHash;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;

/**
 * The digest of a tree: the sum of two hashes of every znode, so that a change of one znode changes the digest by a difference.
 *
 * <p>One hash is over path, value and own facts; the other over what changes when children come and go. Counts of descendants
 * follow from the rest and are left out. Servers of different versions compare digests: a change here is a change of format.
 */
final class TreeDigest {
    private static final long OWN = 0x5a6e6f6465466163L;
    private static final long CHILDREN = 0x4368696c6472656eL;

    private TreeDigest() {}

    static long pathHash(ZnodePath path) {
        return ValueHash.hash64(path.utf8());
    }

    /** Hash of a znode's value and own facts. */
    static long ofOwn(long pathHash, Znode znode) {
        long h = ValueHash.mix(pathHash ^ OWN);
        h = ValueHash.mix(h + ValueHash.hash64(znode.value));
        h = ValueHash.mix(h + znode.createdRevision);
        h = ValueHash.mix(h + znode.modifiedRevision);
        h = ValueHash.mix(h + znode.createdAtMillis);
        h = ValueHash.mix(h + znode.modifiedAtMillis);
        h = ValueHash.mix(h + znode.version);
        ZnodeDetails details = znode.details;
        if (details != null) {
            boolean plain = details.kind == ZnodeKind.PERSISTENT && details.contentType.isEmpty();
            if (!plain) {
                h = ValueHash.mix(h + details.kind.ordinal());
                h = ValueHash.mix(h + ValueHash.hash64(details.contentType.getBytes(StandardCharsets.UTF_8)));
                h = ValueHash.mix(h + details.ownerSession);
                h = ValueHash.mix(h + details.ttlMillis + (details.ttlAbsolute ? Long.MIN_VALUE : 0));
            }
        }
        return h;
    }

    /** Hash of what changes with a znode's children, and of its deadline; 0 for a znode that has nothing of it. */
    static long ofChildren(long pathHash, ZnodeDetails details) {
        if (details.childrenVersion == 0 && details.nextSequence == 0 && details.deadlineMillis == 0) {
            return 0;
        }
        long h = ValueHash.mix(pathHash ^ CHILDREN);
        h = ValueHash.mix(h + details.childrenVersion);
        h = ValueHash.mix(h + details.childrenRevision);
        h = ValueHash.mix(h + details.childCount);
        h = ValueHash.mix(h + details.nextSequence);
        return ValueHash.mix(h + details.deadlineMillis);
    }

    static long of(long pathHash, Znode znode) {
        long own = ofOwn(pathHash, znode);
        return znode.details == null ? own : own + ofChildren(pathHash, znode.details);
    }

    /** The digest of a whole tree, from the beginning. */
    static long ofTree(Znode root) {
        long digest = 0;
        Iterator<TreeView.Entry> scan = new TreeScan(ZnodePath.ROOT, root);
        while (scan.hasNext()) {
            TreeView.Entry entry = scan.next();
            digest += of(pathHash(entry.path()), entry.znode());
        }
        return digest;
    }
}
