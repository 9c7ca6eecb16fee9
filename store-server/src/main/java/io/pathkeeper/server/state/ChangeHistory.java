package io.pathkeeper.server.state;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The newest changes, for observers. One writer, the apply thread; any number of readers, which never wait and never make it
 * wait.
 *
 * <p>Revisions in it follow each other without a gap. {@link StateLimits.History} says how long they are kept.
 *
 * <p>How it works: a revision lies in a ring at its number modulo the ring's size, which doubles when the history outgrows it.
 * The writer first fills the place, then publishes the ring, then the newest revision; and it publishes the oldest revision
 * before it empties or reuses a place. A reader looks in the opposite order and takes only what carries the right number; when
 * something else is there, the history has moved on under it, and it looks again.
 */
public final class ChangeHistory {
    private static final int SMALLEST = 1024;

    private final StateLimits.History limits;
    private volatile AtomicReferenceArray<RevisionChanges> ring = new AtomicReferenceArray<>(SMALLEST);
    // the writer's own: what it must know of old revisions, so that dropping them does not fetch them into the cache
    // again
    private long[] millis = new long[SMALLEST];
    private long[] sizes = new long[SMALLEST];
    private int[] counts = new int[SMALLEST];
    private long added;
    private long addedBytes;
    private long addedEvents;
    private volatile long oldest;
    private volatile long newest;
    private volatile long bytes;
    private volatile long events;

    /** An empty history whose first revision will be this one. */
    ChangeHistory(StateLimits.History limits, long firstRevision) {
        this.limits = limits;
        oldest = firstRevision;
        newest = firstRevision - 1;
        added = firstRevision - 1;
    }

    /** First revision that can be read: the changes of this one and of all behind it are complete. */
    public long oldestRevision() {
        return oldest;
    }

    /** Newest revision; {@code oldestRevision() - 1} when the history is empty. */
    public long newestRevision() {
        return newest;
    }

    /** Estimated size in bytes. */
    public long bytes() {
        return bytes;
    }

    /** Number of changes of znodes in it; a revision may have many of them, or none. */
    public long events() {
        return events;
    }

    /** Adds the next revision, which nobody sees before {@link #publish}. Apply thread. */
    void add(RevisionChanges revision) {
        long end = added + 1;
        if (revision.revision() != end) {
            throw new IllegalStateException("revision " + revision.revision() + " does not follow " + added);
        }
        if (end - oldest + 1 > ring.length()) {
            grow(end);
        }
        int place = (int) (end & (ring.length() - 1));
        ring.set(place, revision);
        millis[place] = revision.clusterMillis();
        // now, while what it holds lies in the processor's cache
        sizes[place] = RetainedSize.of(revision);
        addedBytes += sizes[place];
        counts[place] = revision.changes().size();
        addedEvents += counts[place];
        added = end;
    }

    /** Shows what was added and drops what is too old. Apply thread. */
    void publish() {
        if (added == newest) {
            return;
        }
        bytes += addedBytes;
        addedBytes = 0;
        events += addedEvents;
        addedEvents = 0;
        newest = added;
        trim(millis[(int) (added & (millis.length - 1))]);
    }

    private void grow(long end) {
        AtomicReferenceArray<RevisionChanges> old = ring;
        AtomicReferenceArray<RevisionChanges> larger = new AtomicReferenceArray<>(old.length() * 2);
        long[] largerMillis = new long[larger.length()];
        long[] largerSizes = new long[larger.length()];
        int[] largerCounts = new int[larger.length()];
        for (long revision = oldest; revision < end; revision++) {
            int from = (int) (revision & (old.length() - 1));
            int to = (int) (revision & (larger.length() - 1));
            larger.setPlain(to, old.getPlain(from));
            largerMillis[to] = millis[from];
            largerSizes[to] = sizes[from];
            largerCounts[to] = counts[from];
        }
        millis = largerMillis;
        sizes = largerSizes;
        counts = largerCounts;
        ring = larger;
    }

    private void trim(long clusterMillis) {
        AtomicReferenceArray<RevisionChanges> places = ring;
        long first = oldest;
        long left = bytes;
        long leftEvents = events;
        long end = newest;
        while (first <= end) {
            int place = (int) (first & (places.length() - 1));
            boolean old = clusterMillis - millis[place] > limits.minMillis() && end - first + 1 > limits.minRevisions();
            if (!old && left <= limits.maxBytes()) {
                break;
            }
            left -= sizes[place];
            leftEvents -= counts[place];
            first++;
        }
        long from = oldest;
        oldest = first;
        bytes = left;
        events = leftEvents;
        for (long revision = from; revision < first; revision++) {
            places.set((int) (revision & (places.length() - 1)), null);
        }
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
        while (true) {
            long end = newest;
            AtomicReferenceArray<RevisionChanges> places = ring;
            long first = oldest;
            if (fromRevision < first) {
                throw new CompactedException(fromRevision, first);
            }
            int count = (int) Math.min(maxRevisions, Math.max(0, end - fromRevision + 1));
            List<RevisionChanges> found = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                RevisionChanges revision = places.get((int) ((fromRevision + i) & (places.length() - 1)));
                if (revision == null || revision.revision() != fromRevision + i) {
                    break;
                }
                found.add(revision);
            }
            if (found.size() == count) {
                return found;
            }
        }
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
