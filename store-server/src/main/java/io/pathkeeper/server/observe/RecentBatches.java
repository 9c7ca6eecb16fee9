package io.pathkeeper.server.observe;

import org.jspecify.annotations.Nullable;

/**
 * The batches that were dispatched last, so that observers a little behind share them. Bounded by number and by weight. Belongs
 * to one loop.
 */
final class RecentBatches {
    private static final int SLOTS = 1 << 10;
    private static final long MAX_WEIGHT = 4L << 20;

    private final @Nullable RevisionBatch[] slots = new RevisionBatch[SLOTS];
    private long oldest;
    private long next;
    private long weight;

    /** Adds the batch of a revision above all others; one that does not follow the last one clears the rest. */
    void add(RevisionBatch batch) {
        if (batch.revision() != next) {
            clear();
            oldest = batch.revision();
            next = oldest;
        }
        if (next - oldest == SLOTS) {
            dropOldest();
        }
        slots[(int) next & (SLOTS - 1)] = batch;
        next++;
        weight += batch.weight();
        while (weight > MAX_WEIGHT) {
            dropOldest();
        }
    }

    private void dropOldest() {
        int slot = (int) oldest & (SLOTS - 1);
        RevisionBatch batch = slots[slot];
        slots[slot] = null;
        weight -= batch == null ? 0 : batch.weight();
        oldest++;
    }

    /** The batch of a revision, or null when it is not kept. */
    @Nullable
    RevisionBatch find(long revision) {
        return revision >= oldest && revision < next ? slots[(int) revision & (SLOTS - 1)] : null;
    }

    void clear() {
        while (oldest < next) {
            dropOldest();
        }
    }
}
