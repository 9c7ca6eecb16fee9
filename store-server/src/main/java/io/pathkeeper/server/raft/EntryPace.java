package io.pathkeeper.server.raft;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;

/**
 * When the next entry may leave.
 *
 * <p>An entry costs the servers a few milliseconds of processor whatever it carries. So the next one gathers while one is under way; where
 * that takes long, on slow disks or long ways, more go out, one every {@link #OVERLAP_NANOS}, up to the configured number. Where the
 * processors have nothing left, entries that carry many commands keep a distance of {@link #BUSY_ROUNDS} times what a round
 * takes: fewer and larger ones then answer everybody sooner. A lone command never waits for that.
 *
 * <p>{@link #nanosToNext} and {@link #sent} are the sender thread's, {@link #done} is for any thread.
 */
final class EntryPace {
    static final long OVERLAP_NANOS = 10_000_000;
    static final long MAX_BUSY_NANOS = 12_000_000;
    static final int BUSY_ROUNDS = 2;
    static final double BUSY_LOAD = 0.85;
    /** An entry with fewer commands shows that few callers are there: gathering would gain nothing. */
    static final int MANY_COMMANDS = 32;

    private static final long LOAD_NANOS = 1_000_000_000;

    private final int maxUnderWay;
    private final DoubleSupplier processorLoad;
    private final AtomicInteger underWay = new AtomicInteger();
    private long lastSent;
    private int lastCommands;
    private long loadSampled;
    private boolean busy;
    private volatile long roundNanos;

    /**
     * Nothing sent yet.
     *
     * @param maxUnderWay entries that may be under way at a time
     * @param processorLoad load of the machine's processors from 0 to 1, below 0 when unknown; asked once a second at most
     */
    EntryPace(int maxUnderWay, DoubleSupplier processorLoad) {
        this.maxUnderWay = maxUnderWay;
        this.processorLoad = processorLoad;
    }

    /** Load of the processors that this process may use, as the system tells it. */
    static double systemLoad() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getCpuLoad()
                : -1;
    }

    /** Nanoseconds until an entry may leave, 0 for now, {@link Long#MAX_VALUE} when one has to come back first. */
    long nanosToNext(long now) {
        int open = underWay.get();
        if (open >= maxUnderWay) {
            return Long.MAX_VALUE;
        }
        if (open > 0) {
            return Math.max(0, lastSent + OVERLAP_NANOS - now);
        }
        if (!busy || lastCommands < MANY_COMMANDS) {
            return 0;
        }
        return Math.max(0, lastSent + Math.min(MAX_BUSY_NANOS, BUSY_ROUNDS * roundNanos) - now);
    }

    /** An entry leaves now. */
    void sent(long now, int commands) {
        underWay.incrementAndGet();
        lastSent = now;
        lastCommands = commands;
        if (commands >= MANY_COMMANDS && now - loadSampled > LOAD_NANOS) {
            loadSampled = now;
            busy = processorLoad.getAsDouble() >= BUSY_LOAD;
        }
    }

    /** An entry came back: applied here, or not any more to be expected. */
    void done(long sentAt, long now) {
        // a lost update among threads is a sample less
        roundNanos += (now - sentAt - roundNanos) / 8;
        underWay.decrementAndGet();
    }
}
