package io.pathkeeper.server.observe;

/** When an observation is to be told of its progress, and from which revision on it may. Belongs to one loop. */
final class ProgressClock {
    private static final long QUIET_NANOS = 100_000_000L;

    private final long intervalNanos;
    private final boolean whenQuiet;
    private long intervalDue;
    private long lastTold;
    private boolean quietWanted;
    private long floor;

    ProgressClock(long intervalMillis, boolean whenQuiet) {
        this.intervalNanos = intervalMillis * 1_000_000;
        this.whenQuiet = whenQuiet;
    }

    void start(long now) {
        lastTold = now - QUIET_NANOS;
        intervalDue = now + intervalNanos;
    }

    /** Nothing below this revision is told. */
    void floor(long revision) {
        floor = revision;
    }

    boolean mayTell(long revision) {
        return revision >= floor;
    }

    /** Events were sent: being up to date again is worth telling. */
    void eventsSent() {
        quietWanted = whenQuiet;
    }

    /** Whether progress is due now, by the interval or, when everything was sent, because it is quiet. */
    boolean isDue(long now, boolean upToDate) {
        return now >= intervalDue || (upToDate && isQuietDue(now));
    }

    boolean isQuietDue(long now) {
        return quietWanted && now >= lastTold + QUIET_NANOS;
    }

    /** Progress was told now, or there was none to tell. */
    void told(long now) {
        lastTold = now;
        intervalDue = now + intervalNanos;
        quietWanted = false;
    }

    /** When to look again. */
    long nextNanos() {
        return quietWanted ? Math.min(intervalDue, lastTold + QUIET_NANOS) : intervalDue;
    }
}
