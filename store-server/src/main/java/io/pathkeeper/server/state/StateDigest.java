package io.pathkeeper.server.state;

import org.jspecify.annotations.Nullable;

/**
 * The state's digests at the newest revisions, so that a digest that travelled through the log is compared with that of the same
 * revision although other entries came in between. Apply thread. Not part of the replicated state.
 */
final class StateDigest {
    /** How many revisions back a digest can be compared. */
    static final int REMEMBERED = 1 << 16;

    private final long[] digests = new long[REMEMBERED];
    private final long first;
    private long newest;

    /** Begins with the digest of one revision. */
    StateDigest(long revision, long digest) {
        first = revision;
        newest = revision - 1;
        add(revision, digest);
    }

    /** Adds the digest of the next revision. */
    void add(long revision, long digest) {
        newest = revision;
        digests[(int) (revision & (REMEMBERED - 1))] = digest;
    }

    /** Whether a digest of this revision is compared, and not let pass. */
    boolean covers(long revision) {
        return revision >= first && revision > newest - REMEMBERED;
    }

    /**
     * Compares; a revision that is too old, or lies before the snapshot this server began with, is let pass.
     *
     * @return null when nothing is wrong
     */
    @Nullable
    StateDivergedException compare(long revision, long digest) {
        if (!covers(revision)) {
            return null;
        }
        if (revision > newest) {
            return new StateDivergedException(revision, newest);
        }
        long actual = digests[(int) (revision & (REMEMBERED - 1))];
        return actual == digest ? null : new StateDivergedException(revision, digest, actual);
    }
}
