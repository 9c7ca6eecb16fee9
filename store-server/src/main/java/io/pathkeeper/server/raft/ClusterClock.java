package io.pathkeeper.server.raft;

import java.util.function.LongSupplier;

/**
 * The clocks that the leader stamps entries with. The cluster's clock goes on from where the state's stands, by the leader's
 * monotonic clock, so that steps of the wall clock change no deadline. Belongs to the node; any thread.
 */
final class ClusterClock {
    private final LongSupplier nanos;
    private final LongSupplier wall;
    private long base;
    private long baseNanos;

    ClusterClock(LongSupplier nanos, LongSupplier wall) {
        this.nanos = nanos;
        this.wall = wall;
        this.baseNanos = nanos.getAsLong();
    }

    /** This server begins to lead at this reading of the state's clock. */
    synchronized void begin(long clusterMillis) {
        base = clusterMillis;
        baseNanos = nanos.getAsLong();
    }

    synchronized long clusterMillis() {
        return base + (nanos.getAsLong() - baseNanos) / 1_000_000;
    }

    long wallMillis() {
        return wall.getAsLong();
    }
}
