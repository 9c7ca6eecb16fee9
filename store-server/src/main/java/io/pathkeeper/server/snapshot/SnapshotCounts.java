package io.pathkeeper.server.snapshot;

/**
 * How much of everything a snapshot holds.
 *
 * @param znodes znodes, the root included
 * @param dataBytes size of all encoded values of the tree
 * @param clients clients of the request ledger
 * @param results results of these clients
 * @param revisions revisions of the history
 * @param changes changes of these revisions
 */
public record SnapshotCounts(long znodes, long dataBytes, long clients, long results, long revisions, long changes) {}
