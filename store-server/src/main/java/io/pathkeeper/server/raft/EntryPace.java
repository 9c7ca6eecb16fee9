package io.pathkeeper.server.raft;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;

/**
 * When the next entry may leave.
 *
 * <p>An entry costs the servers a few milliseconds of processor whatever it carries. So the next one gathers while one is under way; where
 * that takes long, on slow disks or long ways, more go out, one every {@link #OVERLAP_NANOS}, up to the configured number.
 *
 * <p>Once one has come back, the callers that it answered are about to ask again. Entries that left before they do would serve the callers
 * in two groups, each of which waits for the other's entry. So the next one gathers until about as many commands wait as there were callers
 * (those answered and those that waited meanwhile), for half a round at most, or a whole one while the processors have nothing left. Callers
 * that do not come back soon are not waited for: a gathering that ends for lack of them counts against the next ones. A lone caller's
 * command never waits.
 *
 * <p>{@link #nanosToNext}, {@link #target} and {@link #sent} belong to whoever puts entries into the log, {@link #done} is for any thread.
 */
final class EntryPace {
    static final long OVERLAP_NANOS = 10_000_000;
    static final long MAX_GATHER_NANOS = 6_000_000;
    static final double BUSY_LOAD = 0.85;
    /** An entry with fewer commands shows that few callers are there: the load of the processors says nothing of them. */
    static final int MANY_COMMANDS = 32;
    /** So many entries leave at once behind gatherings that ended for lack of callers. */
    static final int MISTRUSTED_ENTRIES = 16;

    private static final int MOST_TRUST = 4;
    private static final long LOAD_NANOS = 1_000_000_000;

    private final int maxUnderWay;
    private final DoubleSupplier processorLoad;
    private final AtomicInteger underWay = new AtomicInteger();
    private long lastSent;
    private volatile int lastCommands;
    private long loadSampled;
    private boolean busy;
    private int trust = MOST_TRUST;
    private int mistrusted;
    private volatile long roundNanos;
    private volatile long lastDone;
    private volatile int callers;

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

    /**
     * Nanoseconds until an entry may leave, 0 for now, {@link Long#MAX_VALUE} when one has to come back first.
     *
     * @param waiting commands that would be in it
     */
    long nanosToNext(long now, int waiting) {
        int open = underWay.get();
        if (open >= maxUnderWay) {
            return Long.MAX_VALUE;
        }
        if (open > 0) {
            return Math.max(0, lastSent + OVERLAP_NANOS - now);
        }
        if (waiting >= target()) {
            return 0;
        }
        long round = roundNanos;
        long gather = Math.min(MAX_GATHER_NANOS, busy && callers >= MANY_COMMANDS ? round : round / 2);
        return Math.max(0, lastDone + gather - now);
    }

    /** With so many commands an entry leaves at once, when none is under way: at least 1. */
    int target() {
        int known = callers;
        return known < 2 || trust <= 0 ? 1 : known - known / 8;
    }

    /** Whether an entry has not come back yet. */
    boolean isUnderWay() {
        return underWay.get() > 0;
    }

    /** Whether a lone caller's command is all that can be expected now. */
    boolean expectsFew() {
        return callers < 2;
    }

    /** An entry leaves now. */
    void sent(long now, int commands) {
        if (underWay.get() == 0) {
            judge(commands);
        }
        underWay.incrementAndGet();
        lastSent = now;
        lastCommands = commands;
        if (commands >= MANY_COMMANDS && now - loadSampled > LOAD_NANOS) {
            loadSampled = now;
            busy = processorLoad.getAsDouble() >= BUSY_LOAD;
        }
    }

    /** Were the callers there that this entry was held back for? */
    private void judge(int commands) {
        if (trust <= 0) {
            mistrusted++;
            if (mistrusted >= MISTRUSTED_ENTRIES) {
                mistrusted = 0;
                trust = 1;
            }
        } else if (callers >= 2) {
            trust = commands >= target() ? Math.min(MOST_TRUST, trust + 1) : trust - 2;
        }
    }

    /**
     * An entry came back: applied here, or not any more to be expected.
     *
     * @param waiting commands that came meanwhile and wait
     */
    void done(long sentAt, long now, int waiting) {
        // a lost update among threads is a sample less
        roundNanos += (now - sentAt - roundNanos) / 8;
        callers = lastCommands + waiting;
        lastDone = now;
        underWay.decrementAndGet();
    }
}
