package io.pathkeeper.server.snapshot;

/**
 * Which state it is that a snapshot holds.
 *
 * @param clusterId identity of the cluster
 * @param term Raft term of the last applied entry
 * @param index log index of the last applied entry
 */
public record SnapshotOrigin(String clusterId, long term, long index) {}
