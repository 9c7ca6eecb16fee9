package io.pathkeeper.server.rpc;

import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.ValueHash;
import io.pathkeeper.v1.Stat;
import io.pathkeeper.v1.ValueFormat;
import io.pathkeeper.v1.View;
import io.pathkeeper.v1.ZnodeKind;

/** Znodes as the API's messages. Any thread. */
public final class Stats {
    private Stats() {}

    /** The facts about a znode. */
    public static Stat stat(Znode znode, Owners owners) {
        Stat.Builder out = Stat.newBuilder()
                .setCreatedRevision(znode.createdRevision())
                .setModifiedRevision(znode.modifiedRevision())
                .setChildrenRevision(znode.childrenRevision())
                .setAclRevision(znode.aclRevision())
                .setCreatedAtMs(znode.createdAtMillis())
                .setModifiedAtMs(znode.modifiedAtMillis())
                .setVersion(znode.version())
                .setChildrenVersion(znode.childrenVersion())
                .setAclVersion(znode.aclVersion())
                .setOwnerSession(znode.ownerSession())
                .setDataBytes(znode.value().length)
                .setChildCount(znode.childCount())
                .setDescendantCount(znode.descendantCount())
                .setNextSequence(znode.nextSequence())
                .setKind(kind(znode.kind()))
                .setTtlMs(znode.ttlMillis())
                .setContentHash(ValueHash.hash64(znode.value()));
        if (znode.ownerSession() != 0) {
            out.setOwnerIdentity(owners.identity(znode.ownerSession()));
        }
        return out.build();
    }

    /** A znode with its path and as much of it as the view asks for; an unset view is the full one. */
    public static io.pathkeeper.v1.Znode znode(
            ZnodePath path, Znode znode, View view, ValueFormat format, Owners owners) {
        io.pathkeeper.v1.Znode.Builder out = io.pathkeeper.v1.Znode.newBuilder().setPath(path.toString());
        if (view != View.VIEW_NAME) {
            out.setStat(stat(znode, owners));
        }
        if (view == View.VIEW_FULL || view == View.VIEW_UNSPECIFIED) {
            out.setData(Payloads.payload(znode.value(), znode.contentType(), format));
        }
        return out.build();
    }

    /** The kind of a znode. */
    public static ZnodeKind kind(io.pathkeeper.server.tree.ZnodeKind kind) {
        return switch (kind) {
            case PERSISTENT -> ZnodeKind.ZNODE_KIND_PERSISTENT;
            case EPHEMERAL -> ZnodeKind.ZNODE_KIND_EPHEMERAL;
            case CONTAINER -> ZnodeKind.ZNODE_KIND_CONTAINER;
            case TTL -> ZnodeKind.ZNODE_KIND_TTL;
        };
    }
}
