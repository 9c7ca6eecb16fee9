package io.pathkeeper.server.tree;

import org.jspecify.annotations.Nullable;

/**
 * What only some znodes have: children or traces of them, another kind, a content type, an owner, a deadline.
 *
 * <p>Changed in place by the edit whose number it carries, and only while nothing published can reach it; a detached one, number
 * {@link #DETACHED}, is never changed.
 */
final class ZnodeDetails {
    static final long DETACHED = -1;

    final long editId;
    final ZnodeKind kind;
    final String contentType;
    final long ownerSession;
    final long ttlMillis;
    final boolean ttlAbsolute;
    long deadlineMillis;
    long childrenRevision;
    long childrenVersion;
    long childCount;
    long descendantCount;
    /** Bytes of the values of all znodes below. */
    long descendantBytes;

    long nextSequence;

    @Nullable
    ChildNode children;

    ZnodeDetails(
            long editId,
            ZnodeKind kind,
            String contentType,
            long ownerSession,
            long ttlMillis,
            boolean ttlAbsolute,
            long deadlineMillis) {
        this.editId = editId;
        this.kind = kind;
        this.contentType = contentType;
        this.ownerSession = ownerSession;
        this.ttlMillis = ttlMillis;
        this.ttlAbsolute = ttlAbsolute;
        this.deadlineMillis = deadlineMillis;
    }

    private ZnodeDetails(
            ZnodeDetails from, long editId, String contentType, long ownerSession, @Nullable ChildNode children) {
        this(editId, from.kind, contentType, ownerSession, from.ttlMillis, from.ttlAbsolute, from.deadlineMillis);
        this.childrenRevision = from.childrenRevision;
        this.childrenVersion = from.childrenVersion;
        this.childCount = from.childCount;
        this.descendantCount = from.descendantCount;
        this.descendantBytes = from.descendantBytes;
        this.nextSequence = from.nextSequence;
        this.children = children;
    }

    boolean isDetached() {
        return editId == DETACHED;
    }

    ZnodeDetails detached() {
        return new ZnodeDetails(this, DETACHED, contentType, ownerSession, null);
    }

    /** A copy that the given edit may change. */
    ZnodeDetails ownedBy(long newEditId) {
        return new ZnodeDetails(this, newEditId, contentType, ownerSession, children);
    }

    /** A copy with another content type that the given edit may change. */
    ZnodeDetails withContentType(long newEditId, String newContentType) {
        return new ZnodeDetails(this, newEditId, newContentType, ownerSession, children);
    }

    /** A copy with another owner that the given edit may change. */
    ZnodeDetails withOwner(long newEditId, long newOwnerSession) {
        return new ZnodeDetails(this, newEditId, contentType, newOwnerSession, children);
    }
}
