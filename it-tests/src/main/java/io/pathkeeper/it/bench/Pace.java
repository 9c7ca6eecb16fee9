package io.pathkeeper.it.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Times at equal distances from a moment on at which calls are due. Immutable. */
final class Pace {
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final long beginNanos;
    private final int perSecond;

    /**
     * Describes it.
     *
     * @param beginNanos when the first call is due, as {@link System#nanoTime()} tells it
     * @param perSecond calls that are due in a second
     */
    Pace(long beginNanos, int perSecond) {
        this.beginNanos = beginNanos;
        this.perSecond = perSecond;
    }

    /** Waits until a call is due and returns when that was or will have been, which is before now where the caller is late. */
    long await(long call) throws InterruptedException {
        long due = dueNanos(call);
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        return due;
    }

    /** When a call is due. */
    long dueNanos(long call) {
        return beginNanos + dueNanos(call, perSecond);
    }

    /** When a call is due behind the first one. */
    static long dueNanos(long call, int perSecond) {
        return call / perSecond * NANOS_PER_SECOND + call % perSecond * NANOS_PER_SECOND / perSecond;
    }
}
