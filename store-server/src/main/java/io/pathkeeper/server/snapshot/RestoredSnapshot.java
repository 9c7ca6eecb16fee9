package io.pathkeeper.server.snapshot;

import io.pathkeeper.server.state.StoreState;

/**
 * A snapshot that was read, checked and made into a state.
 *
 * @param header what stood at its beginning
 * @param counts what was in it
 * @param state the state, which has no other user yet
 */
public record RestoredSnapshot(SnapshotHeader header, SnapshotCounts counts, StoreState state) {}
