package io.pathkeeper.server.store;

import org.jspecify.annotations.Nullable;

/**
 * How much of what a store may hold it holds: the number of its znodes and the bytes of their values, beside the limits of this server.
 *
 * <pre>
 * ENOUGH -- above 85 % of the limit --> HIGH -- above 95 % --> FULL
 *    ^---------- below 80 % ------------'  ^---- below 90 % ----'
 * </pre>
 *
 * <p>{@link #changed} is called by the thread that publishes the state; everything else may be asked by any thread and never waits.
 */
public final class StoreUse {
    /** Above this part of a limit, in percent, there is an alarm. */
    public static final int SOFT_PERCENT = 85;
    /** Above this part writes that add are refused. */
    public static final int HARD_PERCENT = 95;

    private static final int SOFT_END_PERCENT = 80;
    private static final int HARD_END_PERCENT = 90;

    private final Limits limits;
    private volatile Level znodes = Level.ENOUGH;
    private volatile Level dataBytes = Level.ENOUGH;
    private volatile @Nullable Full full;

    /** What is limited. The order travels between servers, counted from 1. */
    public enum Kind {
        /** The number of znodes. */
        ZNODES,
        /** The bytes of all values. */
        DATA_BYTES;

        /** The kind with this number from 1 on; null for another one. */
        public static @Nullable Kind of(long number) {
            return number >= 1 && number <= values().length ? values()[(int) number - 1] : null;
        }

        /** The number that {@link #of} reads. */
        public int number() {
            return ordinal() + 1;
        }

        /** Name of the limit in the configuration. */
        public String key() {
            return this == ZNODES ? "limits.max_nodes" : "limits.max_data_bytes";
        }
    }

    /** How near a limit is. */
    public enum Level {
        /** Far away. */
        ENOUGH,
        /** Near enough for an alarm. */
        HIGH,
        /** So near that writes that add are refused. */
        FULL
    }

    /**
     * The limits of a server.
     *
     * @param znodes most znodes
     * @param dataBytes most bytes of all values
     */
    public record Limits(long znodes, long dataBytes) {
        /** None. For tests. */
        public static final Limits NONE = new Limits(Long.MAX_VALUE, Long.MAX_VALUE);

        /** The one of a kind. */
        public long of(Kind kind) {
            return kind == Kind.ZNODES ? znodes : dataBytes;
        }
    }

    /** A limit for which writes that add are refused. */
    public record Full(Kind kind, long limit) {}

    /** An empty store beside these limits. */
    public StoreUse(Limits limits) {
        this.limits = limits;
    }

    /** The store has so many znodes and bytes of values now. */
    public void changed(long znodeCount, long bytes) {
        Level nextZnodes = next(znodes, znodeCount, limits.znodes());
        Level nextBytes = next(dataBytes, bytes, limits.dataBytes());
        if (nextZnodes != znodes || nextBytes != dataBytes) {
            znodes = nextZnodes;
            dataBytes = nextBytes;
            full = nextZnodes == Level.FULL
                    ? new Full(Kind.ZNODES, limits.znodes())
                    : nextBytes == Level.FULL ? new Full(Kind.DATA_BYTES, limits.dataBytes()) : null;
        }
    }

    private static Level next(Level now, long used, long limit) {
        if (used > percent(limit, HARD_PERCENT)) {
            return Level.FULL;
        }
        if (now == Level.FULL && used >= percent(limit, HARD_END_PERCENT)) {
            return Level.FULL;
        }
        if (used > percent(limit, SOFT_PERCENT)) {
            return Level.HIGH;
        }
        return now != Level.ENOUGH && used >= percent(limit, SOFT_END_PERCENT) ? Level.HIGH : Level.ENOUGH;
    }

    private static long percent(long limit, int percent) {
        return limit / 100 * percent + limit % 100 * percent / 100;
    }

    /** How near the limit of a kind is. */
    public Level level(Kind kind) {
        return kind == Kind.ZNODES ? znodes : dataBytes;
    }

    /** The limit for which this server refuses writes that add when it leads; null for none. */
    public @Nullable Full full() {
        return full;
    }

    /** What this server was configured with. */
    public Limits limits() {
        return limits;
    }
}
