package io.pathkeeper.server.tree;

import io.pathkeeper.server.value.ValueEncoding;

/** Makes detached znodes from stored facts. Of one thread. */
public final class ZnodeBuilder {
    private static final byte[] NO_NAME = {};

    private byte[] name = NO_NAME;
    private byte[] value = ValueEncoding.ofNull();
    private String contentType = "";
    private ZnodeKind kind = ZnodeKind.PERSISTENT;
    private long createdRevision;
    private long modifiedRevision;
    private long childrenRevision;
    private long createdAtMillis;
    private long modifiedAtMillis;
    private long version = 1;
    private long childrenVersion;
    private long ownerSession;
    private long childCount;
    private long descendantCount;
    private long nextSequence;
    private long ttlMillis;
    private boolean ttlAbsolute;
    private long deadlineMillis;

    /** Last name of the path; empty for the root. */
    public ZnodeBuilder name(byte[] newName) {
        name = newName;
        return this;
    }

    /** Canonical encoding. */
    public ZnodeBuilder value(byte[] newValue) {
        value = newValue;
        return this;
    }

    /** Description of the content. */
    public ZnodeBuilder contentType(String newContentType) {
        contentType = newContentType;
        return this;
    }

    /** What ends its life. */
    public ZnodeBuilder kind(ZnodeKind newKind) {
        kind = newKind;
        return this;
    }

    /** Revisions of the creation and of the last change of the value. */
    public ZnodeBuilder revisions(long created, long modified) {
        createdRevision = created;
        modifiedRevision = modified;
        return this;
    }

    /** Wall-clock times of the creation and of the last change of the value. */
    public ZnodeBuilder times(long createdAt, long modifiedAt) {
        createdAtMillis = createdAt;
        modifiedAtMillis = modifiedAt;
        return this;
    }

    /** Number of the value, from 1. */
    public ZnodeBuilder version(long newVersion) {
        version = newVersion;
        return this;
    }

    /** How often and when children came or went; the revision counts only when the version is above 0. */
    public ZnodeBuilder childrenChanges(long newChildrenVersion, long newChildrenRevision) {
        childrenVersion = newChildrenVersion;
        childrenRevision = newChildrenRevision;
        return this;
    }

    /** How many children and descendants there are. */
    public ZnodeBuilder counts(long children, long descendants) {
        childCount = children;
        descendantCount = descendants;
        return this;
    }

    /** Number of the next sequential child. */
    public ZnodeBuilder nextSequence(long number) {
        nextSequence = number;
        return this;
    }

    /** Session that owns it. */
    public ZnodeBuilder ownerSession(long session) {
        ownerSession = session;
        return this;
    }

    /** Time to live, whether it is absolute, and the deadline in cluster time. */
    public ZnodeBuilder ttl(long millis, boolean absolute, long deadline) {
        ttlMillis = millis;
        ttlAbsolute = absolute;
        deadlineMillis = deadline;
        return this;
    }

    /** The znode. */
    public Znode build() {
        boolean plain = kind == ZnodeKind.PERSISTENT
                && contentType.isEmpty()
                && childrenVersion == 0
                && ownerSession == 0
                && nextSequence == 0
                && ttlMillis == 0
                && deadlineMillis == 0
                && childCount == 0;
        ZnodeDetails details = null;
        if (!plain) {
            details = new ZnodeDetails(
                    ZnodeDetails.DETACHED, kind, contentType, ownerSession, ttlMillis, ttlAbsolute, deadlineMillis);
            details.childrenRevision = childrenVersion == 0 ? 0 : childrenRevision;
            details.childrenVersion = childrenVersion;
            details.childCount = childCount;
            details.descendantCount = descendantCount;
            details.nextSequence = nextSequence;
        }
        return new Znode(
                name, value, details, createdRevision, modifiedRevision, createdAtMillis, modifiedAtMillis, version);
    }
}
