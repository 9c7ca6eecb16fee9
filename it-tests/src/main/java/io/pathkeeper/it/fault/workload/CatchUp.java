package io.pathkeeper.it.fault.workload;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Tells an observer when it may stop: behind the end of the run, when it has been told of everything that was acknowledged, and in any case a minute later. Used by
 * one thread.
 */
final class CatchUp implements BooleanSupplier {
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final BooleanSupplier stopping;
    private final LongSupplier newest;
    private final LongSupplier next;
    private final BooleanSupplier leaving;
    private long since;
    private boolean over;
    private long due;

    /**
     * One end.
     *
     * @param newest revision of the last change that was acknowledged
     * @param next first revision of which the observer was told nothing yet
     */
    CatchUp(BooleanSupplier stopping, LongSupplier newest, LongSupplier next) {
        this(stopping, newest, next, () -> false);
    }

    /** The same for an observer that may leave earlier, while the run goes on, and then owes nothing. */
    CatchUp(BooleanSupplier stopping, LongSupplier newest, LongSupplier next, BooleanSupplier leaving) {
        this.stopping = stopping;
        this.newest = newest;
        this.next = next;
        this.leaving = leaving;
    }

    @Override
    public boolean getAsBoolean() {
        if (!over && stopping.getAsBoolean()) {
            long now = System.nanoTime();
            since = since == 0 ? now : since;
            due = newest.getAsLong();
            over = next.getAsLong() > due || now - since > LIMIT_NANOS;
        }
        return over || (!isEnding() && leaving.getAsBoolean());
    }

    /** Whether the run is over, and the observer is still behind or may be. */
    boolean isEnding() {
        return since != 0;
    }

    /** Revision up to which the observer must have been told everything now; 0 when this is not the end. */
    long due() {
        return over ? due : 0;
    }
}
