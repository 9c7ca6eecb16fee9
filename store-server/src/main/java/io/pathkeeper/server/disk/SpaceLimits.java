package io.pathkeeper.server.disk;

/**
 * What counts as little.
 *
 * @param reserveBytes size of the reserve
 * @param minimumBytes with less than this, the reserve aside, space is low
 * @param roomBytes what the log needs for its next file; with less the reserve is given up, and without one the disk is full
 */
public record SpaceLimits(long reserveBytes, long minimumBytes, long roomBytes) {
    /** Room beside a file of the log for what is small: votes, positions, checksums. */
    private static final long SMALL_FILES = 2L << 20;

    /**
     * The limits for a log whose files have a size. A reserve is two of them at least, and space is low before it would have to be given up.
     *
     * @param reserveBytes the reserve that is wanted
     * @param minimumBytes the least free space that is wanted
     * @param segmentBytes size of a file of the log
     */
    public static SpaceLimits of(long reserveBytes, long minimumBytes, long segmentBytes) {
        long room = segmentBytes + SMALL_FILES;
        return new SpaceLimits(Math.max(reserveBytes, 2 * room), Math.max(minimumBytes, 2 * room), room);
    }

    /** With so much beside a whole reserve all is well again: a quarter more than what made it low. */
    long wellAgain() {
        return minimumBytes + minimumBytes / 4;
    }
}
