package io.pathkeeper.server.disk;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Whether the fsyncs of the last minute were slow: above a twentieth of them, and three at least, took longer than a limit; well again when it is below a
 * fortieth, or fewer than three. Kept by the second. Safe for all threads; nobody waits for long.
 */
public final class SyncTimes {
    /** Fewer slow ones are a hiccup. */
    static final int LEAST = 3;

    private static final int SECONDS = 60;
    private static final int SLOW_SHARE = 20;
    private static final int WELL_SHARE = 40;

    private final long limitNanos;
    private final LongSupplier nanoTime;
    private final long originNanos;
    private final long[] seconds = new long[SECONDS];
    private final int[] all = new int[SECONDS];
    private final int[] slow = new int[SECONDS];
    private boolean wasSlow;

    /**
     * Without any.
     *
     * @param limitNanos what takes longer is slow
     * @param nanoTime a clock that never goes back, nanoseconds
     */
    public SyncTimes(long limitNanos, LongSupplier nanoTime) {
        this.limitNanos = limitNanos;
        this.nanoTime = nanoTime;
        this.originNanos = nanoTime.getAsLong();
        java.util.Arrays.fill(seconds, -1);
    }

    private long second() {
        return TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong() - originNanos);
    }

    /** An fsync has ended just now, after so long. */
    public synchronized void ended(long nanos) {
        long now = second();
        int at = (int) (now % SECONDS);
        if (seconds[at] != now) {
            seconds[at] = now;
            all[at] = 0;
            slow[at] = 0;
        }
        all[at]++;
        slow[at] += nanos > limitNanos ? 1 : 0;
    }

    /** Whether they are slow now. */
    public synchronized boolean areSlow() {
        long now = second();
        long allOfThem = 0;
        long slowOnes = 0;
        for (int i = 0; i < SECONDS; i++) {
            if (seconds[i] >= 0 && now - seconds[i] < SECONDS) {
                allOfThem += all[i];
                slowOnes += slow[i];
            }
        }
        wasSlow = slowOnes >= LEAST && slowOnes * (wasSlow ? WELL_SHARE : SLOW_SHARE) > allOfThem;
        return wasSlow;
    }
}
