package io.pathkeeper.server.tree;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A znode: its name, its value and the facts about it. Immutable for everybody but the tree's editor, which never changes what
 * was published. Arrays that it hands out must not be changed.
 *
 * <p>Kept small: what most znodes do not have stands in {@link ZnodeDetails}, which plain leaves have not.
 */
public final class Znode {
    final byte[] name;
    final byte[] value;
    final @Nullable ZnodeDetails details;
    final long createdRevision;
    final long modifiedRevision;
    final long createdAtMillis;
    final long modifiedAtMillis;
    final long version;

    Znode(
            byte[] name,
            byte[] value,
            @Nullable ZnodeDetails details,
            long createdRevision,
            long modifiedRevision,
            long createdAtMillis,
            long modifiedAtMillis,
            long version) {
        this.name = name;
        this.value = value;
        this.details = details;
        this.createdRevision = createdRevision;
        this.modifiedRevision = modifiedRevision;
        this.createdAtMillis = createdAtMillis;
        this.modifiedAtMillis = modifiedAtMillis;
        this.version = version;
    }

    /** The same facts with other details. */
    Znode with(@Nullable ZnodeDetails newDetails) {
        return new Znode(
                name, value, newDetails, createdRevision, modifiedRevision, createdAtMillis, modifiedAtMillis, version);
    }

    /** The same facts without holding the children: what may be kept for long. */
    public Znode detached() {
        ZnodeDetails d = details;
        return d == null || d.isDetached() ? this : with(d.detached());
    }

    /** Whether both are plain leaves with equal facts, so that one may stand for the other for ever. */
    public boolean isSameLeaf(Znode other) {
        return details == null
                && other.details == null
                && modifiedRevision == other.modifiedRevision
                && createdRevision == other.createdRevision
                && version == other.version
                && modifiedAtMillis == other.modifiedAtMillis
                && createdAtMillis == other.createdAtMillis
                && Arrays.equals(name, other.name)
                && Arrays.equals(value, other.value);
    }

    /** Last name of the path, UTF-8; empty for the root. */
    public byte[] name() {
        return name;
    }

    /** Canonical encoding of the value. */
    public byte[] value() {
        return value;
    }

    /** Description of the content, empty for none. */
    public String contentType() {
        return details == null ? "" : details.contentType;
    }

    /** What ends its life. */
    public ZnodeKind kind() {
        return details == null ? ZnodeKind.PERSISTENT : details.kind;
    }

    /** Revision of the creation. */
    public long createdRevision() {
        return createdRevision;
    }

    /** Revision of the last change of the value. */
    public long modifiedRevision() {
        return modifiedRevision;
    }

    /** Revision of the last creation or deletion of a child; that of its own creation when it never had one. */
    public long childrenRevision() {
        return details == null || details.childrenVersion == 0 ? createdRevision : details.childrenRevision;
    }

    /** Revision of the last change of the access rules: that of the creation, as long as znodes have no own rules. */
    public long aclRevision() {
        return createdRevision;
    }

    /** Wall-clock time of the creation, milliseconds since 1970. */
    public long createdAtMillis() {
        return createdAtMillis;
    }

    /** Wall-clock time of the last change of the value, milliseconds since 1970. */
    public long modifiedAtMillis() {
        return modifiedAtMillis;
    }

    /** Counts the values, from 1. */
    public long version() {
        return version;
    }

    /** Counts creations and deletions of children, from 0. */
    public long childrenVersion() {
        return details == null ? 0 : details.childrenVersion;
    }

    /** Counts changes of the access rules: 0, as long as znodes have no own rules. */
    public long aclVersion() {
        return 0;
    }

    /** Session that owns it, 0 for none. */
    public long ownerSession() {
        return details == null ? 0 : details.ownerSession;
    }

    /** Number of children. */
    public long childCount() {
        return details == null ? 0 : details.childCount;
    }

    /** Number of znodes below, at any depth. */
    public long descendantCount() {
        return details == null ? 0 : details.descendantCount;
    }

    /** Bytes of the values of all znodes below, at any depth. */
    public long descendantBytes() {
        return details == null ? 0 : details.descendantBytes;
    }

    /** Number that the next sequential child gets. */
    public long nextSequence() {
        return details == null ? 0 : details.nextSequence;
    }

    /** Time to live in milliseconds, 0 for none. */
    public long ttlMillis() {
        return details == null ? 0 : details.ttlMillis;
    }

    /** Whether changes of the value leave the deadline as it is. */
    public boolean ttlAbsolute() {
        return details != null && details.ttlAbsolute;
    }

    /**
     * Cluster time at which it is deleted when it has no children then; 0 for never. TTL znodes have one always, containers
     * until they get their first child.
     */
    public long deadlineMillis() {
        return details == null ? 0 : details.deadlineMillis;
    }

    @Override
    public String toString() {
        return "Znode[name=" + new String(name, java.nio.charset.StandardCharsets.UTF_8) + ", kind=" + kind()
                + ", version=" + version + ", createdRevision=" + createdRevision + ", modifiedRevision="
                + modifiedRevision + ", children=" + childCount() + ", valueBytes=" + value.length + "]";
    }
}
