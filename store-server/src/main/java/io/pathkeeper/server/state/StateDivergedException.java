package io.pathkeeper.server.state;

/**
 * This server's state differs from the leader's at the same revision, or contradicts itself: the server must stop. Never a
 * rejection.
 */
public final class StateDivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long revision;
    private final long expectedDigest;
    private final long actualDigest;

    /** Tells of a digest that differs from the log's. */
    public StateDivergedException(long revision, long expectedDigest, long actualDigest) {
        super("the state of this server has diverged at revision " + revision + ": its digest is "
                + Long.toHexString(actualDigest) + ", the log says " + Long.toHexString(expectedDigest));
        this.revision = revision;
        this.expectedDigest = expectedDigest;
        this.actualDigest = actualDigest;
    }

    /** The log has a digest of a revision that this server has not reached: revisions were counted differently. */
    StateDivergedException(long revision, long newestRevision) {
        super("the state of this server has diverged: it is at revision " + newestRevision
                + " where the log speaks of revision " + revision);
        this.revision = revision;
        this.expectedDigest = 0;
        this.actualDigest = 0;
    }

    private StateDivergedException(long revision, String message) {
        super(message);
        this.revision = revision;
        this.expectedDigest = 0;
        this.actualDigest = 0;
    }

    /** The number of ephemeral znodes in the tree is not that of the sessions. */
    static StateDivergedException ownerless(long revision, long inTree, long ofSessions) {
        return new StateDivergedException(
                revision,
                "the state of this server contradicts itself at revision " + revision + ": the tree has " + inTree
                        + " ephemeral znodes, the sessions own " + ofSessions);
    }

    /** Revision at which the digests differ. */
    public long revision() {
        return revision;
    }

    /** Digest in the log. */
    public long expectedDigest() {
        return expectedDigest;
    }

    /** Digest of this server's state. */
    public long actualDigest() {
        return actualDigest;
    }
}
