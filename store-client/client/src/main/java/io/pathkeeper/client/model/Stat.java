package io.pathkeeper.client.model;

import java.time.Duration;
import java.time.Instant;

/**
 * Facts about a znode.
 *
 * @param createdRevision revision of the creation
 * @param modifiedRevision revision of the last change of the value
 * @param childrenRevision revision of the last creation or deletion of a child
 * @param aclRevision revision of the last change of the access rules
 * @param createdAt wall-clock time of the creation on the leader, in whole milliseconds
 * @param modifiedAt wall-clock time of the last change of the value on the leader, in whole milliseconds
 * @param version counts the values, from 1
 * @param childrenVersion counts creations and deletions of children
 * @param aclVersion counts changes of the access rules
 * @param ownerSession session that owns an ephemeral znode; 0 otherwise
 * @param ownerIdentity identity that the owning session was created with; empty otherwise
 * @param dataBytes size of the encoded value in bytes
 * @param childCount number of children
 * @param descendantCount number of znodes below, at any depth
 * @param nextSequence number that the next sequential child gets
 * @param kind what ends the life of the znode
 * @param ttl time to live; zero when it has none
 * @param contentHash 64-bit hash of the value; equal values have equal hashes
 */
public record Stat(
        long createdRevision,
        long modifiedRevision,
        long childrenRevision,
        long aclRevision,
        Instant createdAt,
        Instant modifiedAt,
        long version,
        long childrenVersion,
        long aclVersion,
        long ownerSession,
        String ownerIdentity,
        long dataBytes,
        long childCount,
        long descendantCount,
        long nextSequence,
        ZnodeKind kind,
        Duration ttl,
        long contentHash) {}
