package io.pathkeeper.server.coordination;

/**
 * Numbers of the calls that ask for a place or a grant. Clients may number their attempts for the same place: an attempt reaches the log at any later
 * time, behind the next one too, and must not take over then. No state.
 */
public final class CallId {
    /** Greatest number of an attempt: milliseconds since 1970 fit in for a hundred years. */
    public static final long MAX_ATTEMPT = (1L << 42) - 1;

    private static final int DICE_BITS = 20;

    private CallId() {}

    /**
     * Makes the number of a call.
     *
     * @param attempt which attempt of its client it is, at most {@link #MAX_ATTEMPT}; 0: unknown
     * @param dice any number; tells calls with the same attempt apart
     */
    public static long of(long attempt, long dice) {
        if (attempt == 0) {
            return dice | Long.MIN_VALUE;
        }
        long low = dice & ((1L << DICE_BITS) - 1);
        return attempt << DICE_BITS | low;
    }

    /** Whether the client made a call before another one, as far as it said so. */
    public static boolean isBefore(long call, long other) {
        return call > 0 && other > 0 && call >>> DICE_BITS < other >>> DICE_BITS;
    }
}
