package io.pathkeeper.server.state;

import java.util.List;

/**
 * The newest changes, for observers. One writer, the apply thread; any number of readers, which never wait and never make it
 * wait.
 *
 * <p>Revisions in it follow each other without a gap. {@link StateLimits.History} says how long they are kept.
 */
public final class ChangeHistory {
    /** First revision that can be read: the changes of this one and of all behind it are complete. */
    public long oldestRevision() {
        throw new UnsupportedOperationException();
    }

    /** Newest revision; {@code oldestRevision() - 1} when the history is empty. */
    public long newestRevision() {
        throw new UnsupportedOperationException();
    }

    /** Estimated size in bytes. */
    public long bytes() {
        throw new UnsupportedOperationException();
    }

    /**
     * Reads on from a revision.
     *
     * @param fromRevision first revision wanted; above the newest one the answer is empty
     * @param maxRevisions at most so many
     * @return ascending, without a gap, from {@code fromRevision} on
     * @throws CompactedException when {@code fromRevision} is no longer there
     */
    public List<RevisionChanges> read(long fromRevision, int maxRevisions) throws CompactedException {
        throw new UnsupportedOperationException();
    }

    /** The revision asked for is older than the history. Has no stack trace: it is expected. */
    public static final class CompactedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final long oldestRevision;

        CompactedException(long fromRevision, long oldestRevision) {
            super(
                    "revision " + fromRevision + " is no longer in the history; the oldest one is " + oldestRevision,
                    null,
                    false,
                    false);
            this.oldestRevision = oldestRevision;
        }

        /** First revision that could be read. */
        public long oldestRevision() {
            return oldestRevision;
        }
    }
}
