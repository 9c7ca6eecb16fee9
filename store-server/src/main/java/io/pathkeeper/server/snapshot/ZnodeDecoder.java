package io.pathkeeper.server.snapshot;

import io.pathkeeper.server.encoding.ByteSource;
import io.pathkeeper.server.encoding.CorruptBytesException;
import io.pathkeeper.server.encoding.PathStructure;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodeBuilder;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads what {@link ZnodeEncoder} wrote. Of one thread. */
final class ZnodeDecoder {
    private static final ZnodeKind[] KINDS = ZnodeKind.values();

    private final ZnodeContext context = new ZnodeContext();

    /** A block begins. */
    void reset() {
        context.reset();
    }

    ZnodePath path(ByteSource source) throws CorruptBytesException {
        int shared = source.getInt(context.path.length, "length of the shared path");
        int own = source.getCount(1, "bytes of a path");
        byte[] suffix = source.getRaw(own, "a path");
        byte[] utf8 = Arrays.copyOf(context.path, shared + own);
        System.arraycopy(suffix, 0, utf8, shared, own);
        String problem = PathStructure.problemOf(utf8, false);
        if (problem != null) {
            throw source.corrupt(problem);
        }
        context.path = utf8;
        return utf8.length == 1 ? ZnodePath.ROOT : ZnodePath.fromBytes(utf8);
    }

    @Nullable
    Znode detached(ZnodePath path, ByteSource source) throws CorruptBytesException {
        int present = source.getByte();
        if (present > 1) {
            throw source.corrupt("presence of a znode is " + present + ", 0 or 1 is expected");
        }
        return present == 0 ? null : znode(path, source);
    }

    Znode presentDetached(ZnodePath path, ByteSource source) throws CorruptBytesException {
        Znode znode = detached(path, source);
        if (znode == null) {
            throw source.corrupt("a znode is missing");
        }
        return znode;
    }

    Znode znode(ZnodePath path, ByteSource source) throws CorruptBytesException {
        int flags = source.getInt(ZnodeEncoder.ALL_FLAGS, "flags of a znode");
        int kind = flags & ((1 << ZnodeEncoder.KIND_BITS) - 1);
        if (kind >= KINDS.length) {
            throw source.corrupt("kind of znode " + kind + " is unknown");
        }
        context.createdRevision += source.getZigzag();
        context.createdAtMillis += source.getZigzag();
        ZnodeBuilder builder = new ZnodeBuilder().name(path.name()).kind(KINDS[kind]);
        optional(builder, flags, source);
        return builder.value(source.getBytes("value")).build();
    }

    private void optional(ZnodeBuilder builder, int flags, ByteSource source) throws CorruptBytesException {
        long created = context.createdRevision;
        long createdAt = context.createdAtMillis;
        if ((flags & ZnodeEncoder.MODIFIED) == 0) {
            builder.version(1).revisions(created, created).times(createdAt, createdAt);
        } else {
            builder.version(source.getVarint())
                    .revisions(created, created + source.getZigzag())
                    .times(createdAt, createdAt + source.getZigzag());
        }
        if ((flags & ZnodeEncoder.CHILDREN) != 0) {
            builder.childrenChanges(source.getVarint(), created + source.getZigzag())
                    .nextSequence(source.getVarint());
        }
        if ((flags & ZnodeEncoder.CONTENT_TYPE) != 0) {
            builder.contentType(source.getText("content type"));
        }
        if ((flags & ZnodeEncoder.DEADLINE) != 0) {
            builder.ttl(source.getVarint(), (flags & ZnodeEncoder.TTL_ABSOLUTE) != 0, source.getVarint());
        } else if ((flags & ZnodeEncoder.TTL_ABSOLUTE) != 0) {
            builder.ttl(0, true, 0);
        }
        if ((flags & ZnodeEncoder.OWNER) != 0) {
            builder.ownerSession(source.getFixed64());
        }
        if ((flags & ZnodeEncoder.COUNTS) != 0) {
            builder.counts(source.getVarint(), source.getVarint());
        }
    }
}
