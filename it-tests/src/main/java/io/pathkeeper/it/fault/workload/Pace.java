package io.pathkeeper.it.fault.workload;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How often all clients together may call: each call has a turn of its own, and turns lie equally far apart, in the order in which clients ask for them. Safe to use from any thread.
 */
public final class Pace {
    private final long everyNanos;
    private final AtomicLong next = new AtomicLong(System.nanoTime());

    private Pace(long everyNanos) {
        this.everyNanos = everyNanos;
    }

    /** Every client calls as often as it likes. */
    public static Pace unlimited() {
        return new Pace(0);
    }

    /**
     * So many calls in a second at most.
     *
     * @throws IllegalArgumentException below 10, which would leave clients without a call for seconds
     */
    public static Pace perSecond(int calls) {
        if (calls < 10) {
            throw new IllegalArgumentException("the rate is " + calls + " calls a second: 10 at least");
        }
        return new Pace(TimeUnit.SECONDS.toNanos(1) / calls);
    }

    /** Waits for the caller's turn. A turn that nobody took is gone: calls are never made up for. */
    public void await() throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(untilTurn(System.nanoTime()));
    }

    /** Gives the caller a turn and returns in how many nanoseconds it is. */
    long untilTurn(long now) {
        if (everyNanos == 0) {
            return 0;
        }
        return next.updateAndGet(due -> Math.max(due - now, 0) + now + everyNanos) - everyNanos - now;
    }

    /** For reports. */
    @Override
    public String toString() {
        return everyNanos == 0
                ? "as many calls as the loads make"
                : TimeUnit.SECONDS.toNanos(1) / everyNanos + " calls a second at most";
    }
}
