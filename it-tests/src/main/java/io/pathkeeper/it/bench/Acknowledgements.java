package io.pathkeeper.it.bench;

import java.util.concurrent.TimeUnit;

/**
 * Looks for the longest time without an acknowledged write from a moment on. Acknowledgements come in many threads; the rest is for one.
 *
 * <p>Invariant: the longest gap ended at one of the acknowledgements since the beginning; what goes on now is no gap yet.
 */
final class Acknowledgements {
    private long lastNanos;
    private long longestNanos;
    private long longestEndNanos;
    private boolean any;

    /** Forgets what was before; a gap may begin here. */
    synchronized void begin(long nowNanos) {
        lastNanos = nowNanos;
        longestNanos = 0;
        longestEndNanos = nowNanos;
        any = false;
    }

    /** A write was acknowledged. */
    synchronized void acknowledged(long nowNanos) {
        long gap = nowNanos - lastNanos;
        if (gap <= 0) {
            return; // told late by another thread, or of before the beginning
        }
        if (gap > longestNanos) {
            longestNanos = gap;
            longestEndNanos = nowNanos;
        }
        lastNanos = nowNanos;
        any = true;
    }

    /** Whether writes have gone on for so long since the longest gap, and still do. */
    synchronized boolean isCalm(long nowNanos, long calmNanos) {
        return any && nowNanos - longestEndNanos >= calmNanos && nowNanos - lastNanos < calmNanos / 2;
    }

    /** The longest time without an acknowledged write. */
    synchronized double longestMillis() {
        return longestNanos / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }
}
