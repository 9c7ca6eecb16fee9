package io.pathkeeper.it.bench;

/**
 * Whose turn it is when everybody has one in each interval, at equal distances, endlessly. Used by one thread.
 *
 * <p>Invariant: turns are handed out in order and never more than were due.
 */
final class Turns {
    private final int members;
    private final long intervalNanos;
    private final long beginNanos;
    private long handedOut;

    Turns(int members, long intervalNanos, long beginNanos) {
        this.members = members;
        this.intervalNanos = intervalNanos;
        this.beginNanos = beginNanos;
    }

    /** The next whose turn has come; -1 when none has. */
    int next(long nowNanos) {
        double due = (double) (nowNanos - beginNanos) / intervalNanos * members;
        if (handedOut > due) {
            return -1;
        }
        return (int) (handedOut++ % members);
    }
}
