package io.pathkeeper.server.raft;

import io.pathkeeper.server.metrics.RaftMeters;
import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.server.store.StoreUse;
import org.jspecify.annotations.Nullable;

/**
 * What is refused before it is proposed, and why: for the disks, or because the store is full. Disks come first.
 *
 * @param space what the disks of the servers allow
 * @param full the limit of the store that is nearly reached; null for none
 * @param used how much of it the store has
 */
record Refusal(SpaceRefusal space, StoreUse.@Nullable Full full, long used) {
    /** Nothing is refused. */
    static final Refusal NONE = new Refusal(SpaceRefusal.NONE, null, 0);

    /** For the disks. */
    static Refusal of(SpaceRefusal space) {
        return space == SpaceRefusal.NONE ? NONE : new Refusal(space, null, 0);
    }

    /** Because the store is full. */
    static Refusal of(StoreUse.@Nullable Full full, long used) {
        return full == null ? NONE : new Refusal(SpaceRefusal.NONE, full, used);
    }

    /** Whether commands with such an effect are refused. */
    boolean refuses(SpaceRefusal.Effect effect) {
        return full == null ? space.refuses(effect) : effect == SpaceRefusal.Effect.ADDS;
    }

    /** What a refused caller is told. */
    StoreFailure failure() {
        return full == null ? Failures.noSpace(space) : Failures.storeFull(full, used);
    }

    /** Counts a refused command. */
    void count(RaftMeters meters) {
        if (full == null) {
            meters.refusedForSpace();
        } else {
            meters.refusedForMemory();
        }
    }

    /**
     * What servers of the version before are told, who know nothing of the store's limits: growth is refused, so that they do not go past them.
     */
    SpaceRefusal forOlder() {
        return full == null ? space : SpaceRefusal.GROWTH;
    }
}
