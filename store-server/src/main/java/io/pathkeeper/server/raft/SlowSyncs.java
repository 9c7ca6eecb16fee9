package io.pathkeeper.server.raft;

/**
 * The newest fsyncs of the log that took long: tells how much of a request's time the disk took. Quick ones cost a comparison.
 *
 * <p>Safe for all threads.
 */
final class SlowSyncs {
    /** Shorter ones are not kept. */
    static final long LEAST_NANOS = 10_000_000;

    private static final int KEPT = 64;

    private final long[] ends = new long[KEPT];
    private final long[] times = new long[KEPT];
    private int count;

    /** An fsync has ended just now, after so long. */
    void ended(long nowNanos, long nanos) {
        if (nanos >= LEAST_NANOS) {
            keep(nowNanos, nanos);
        }
    }

    private synchronized void keep(long nowNanos, long nanos) {
        ends[count % KEPT] = nowNanos;
        times[count % KEPT] = nanos;
        count = count + 1 == 2 * KEPT ? KEPT : count + 1;
    }

    /** Nanoseconds of an interval that were spent in those fsyncs that are known. */
    synchronized long within(long fromNanos, long toNanos) {
        long sum = 0;
        for (int i = 0; i < Math.min(count, KEPT); i++) {
            long from = Math.max(0, ends[i] - times[i] - fromNanos);
            long to = Math.min(toNanos - fromNanos, ends[i] - fromNanos);
            sum += Math.max(0, to - from);
        }
        return sum;
    }
}
