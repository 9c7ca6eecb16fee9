package io.pathkeeper.server.snapshot;

import io.pathkeeper.server.encoding.ByteSink;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodePath;
import org.jspecify.annotations.Nullable;

/** Writes paths and znodes. A path leaves out what it shares with the one before, a znode what is usual. Of one thread. */
final class ZnodeEncoder {
    /** Lowest bits of the flags: the kind. */
    static final int KIND_BITS = 3;

    static final int MODIFIED = 1 << 3;
    static final int CHILDREN = 1 << 4;
    static final int CONTENT_TYPE = 1 << 5;
    static final int DEADLINE = 1 << 6;
    static final int TTL_ABSOLUTE = 1 << 7;
    static final int OWNER = 1 << 8;
    static final int COUNTS = 1 << 9;
    static final int ALL_FLAGS = (1 << 10) - 1;

    private final ByteSink sink;
    private final ZnodeContext context = new ZnodeContext();

    ZnodeEncoder(ByteSink sink) {
        this.sink = sink;
    }

    /** A block begins. */
    void reset() {
        context.reset();
    }

    void path(ZnodePath path) {
        byte[] utf8 = path.utf8();
        byte[] before = context.path;
        int most = Math.min(utf8.length, before.length);
        int shared = 0;
        while (shared < most && utf8[shared] == before[shared]) {
            shared++;
        }
        sink.putVarint(shared);
        sink.putVarint(utf8.length - shared);
        sink.putRaw(utf8, shared, utf8.length - shared);
        context.path = utf8;
    }

    /** Writes a znode of the tree: the numbers of its children and descendants follow from the tree. */
    void znode(Znode znode) {
        znode(znode, false);
    }

    /** Writes whether there is a znode, and the znode with the numbers of its children and descendants. */
    void detached(@Nullable Znode znode) {
        sink.putByte(znode == null ? 0 : 1);
        if (znode != null) {
            znode(znode, true);
        }
    }

    private void znode(Znode znode, boolean withCounts) {
        boolean modified = znode.version() != 1
                || znode.modifiedRevision() != znode.createdRevision()
                || znode.modifiedAtMillis() != znode.createdAtMillis();
        int flags = znode.kind().ordinal()
                | (modified ? MODIFIED : 0)
                | (znode.childrenVersion() != 0 || znode.nextSequence() != 0 ? CHILDREN : 0)
                | (znode.contentType().isEmpty() ? 0 : CONTENT_TYPE)
                | (znode.ttlMillis() != 0 || znode.deadlineMillis() != 0 ? DEADLINE : 0)
                | (znode.ttlAbsolute() ? TTL_ABSOLUTE : 0)
                | (znode.ownerSession() != 0 ? OWNER : 0)
                | (withCounts && znode.descendantCount() != 0 ? COUNTS : 0);
        sink.putVarint(flags);
        sink.putZigzag(znode.createdRevision() - context.createdRevision);
        sink.putZigzag(znode.createdAtMillis() - context.createdAtMillis);
        context.createdRevision = znode.createdRevision();
        context.createdAtMillis = znode.createdAtMillis();
        optional(znode, flags);
        sink.putBytes(znode.value());
    }

    private void optional(Znode znode, int flags) {
        if ((flags & MODIFIED) != 0) {
            sink.putVarint(znode.version());
            sink.putZigzag(znode.modifiedRevision() - znode.createdRevision());
            sink.putZigzag(znode.modifiedAtMillis() - znode.createdAtMillis());
        }
        if ((flags & CHILDREN) != 0) {
            sink.putVarint(znode.childrenVersion());
            sink.putZigzag(znode.childrenRevision() - znode.createdRevision());
            sink.putVarint(znode.nextSequence());
        }
        if ((flags & CONTENT_TYPE) != 0) {
            sink.putText(znode.contentType());
        }
        if ((flags & DEADLINE) != 0) {
            sink.putVarint(znode.ttlMillis());
            sink.putVarint(znode.deadlineMillis());
        }
        if ((flags & OWNER) != 0) {
            sink.putFixed64(znode.ownerSession());
        }
        if ((flags & COUNTS) != 0) {
            sink.putVarint(znode.childCount());
            sink.putVarint(znode.descendantCount());
        }
    }
}
