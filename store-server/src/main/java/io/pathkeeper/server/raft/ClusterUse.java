package io.pathkeeper.server.raft;

import io.pathkeeper.server.store.StoreUse;
import org.jspecify.annotations.Nullable;

/**
 * Whether the store is so full that writes that add are refused. The leader says so by its own limits and tells the others with the question for their term, as it
 * does with what disks allow ({@link ClusterSpace}): so all servers refuse the same, whatever their own limits, and nothing travels for nothing. Safe for all threads.
 */
final class ClusterUse {
    private final StoreUse own;
    private volatile @Nullable Told told;

    private record Told(StoreUse.Full full, long nanos) {}

    ClusterUse(StoreUse own) {
        this.own = own;
    }

    /** The leader refuses writes for this limit; null: for none. */
    void told(StoreUse.@Nullable Full full, long nowNanos) {
        told = full == null ? null : new Told(full, nowNanos);
    }

    /** Whether nothing is refused whatever way commands take; asked for every command. */
    boolean refusesNothing() {
        return told == null && own.full() == null;
    }

    /** The limit for which a server whose commands take this way refuses writes that add; null for none. */
    StoreUse.@Nullable Full now(RatisProposer.Route route, long nowNanos) {
        if (route.kind() != RatisProposer.Route.Kind.FOLLOWER) {
            return own.full(); // what is stored is the same everywhere: whoever is about to lead knows
        }
        Told last = told;
        return last != null && nowNanos - last.nanos() <= ClusterSpace.FRESH_NANOS ? last.full() : null;
    }
}
