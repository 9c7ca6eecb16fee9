package io.pathkeeper.server.raft;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Batches of this server that were sent and not yet seen applied, in order.
 *
 * <p>Invariant: sequences ascend, terms do not descend. The sender thread adds, the apply thread takes what it applied; both
 * through this object's monitor, once a batch.
 */
final class InFlight {
    private final Deque<SentBatch> batches = new ArrayDeque<>();

    synchronized void add(SentBatch batch) {
        batches.addLast(batch);
    }

    synchronized int size() {
        return batches.size();
    }

    /** Takes the batch that begins with this sequence. Batches before it can no longer be applied one by one. */
    synchronized @Nullable SentBatch take(long firstSequence, List<SentBatch> skipped) {
        while (!batches.isEmpty()) {
            SentBatch head = batches.getFirst();
            if (head.firstSequence() > firstSequence) {
                return null;
            }
            batches.removeFirst();
            if (head.firstSequence() == firstSequence) {
                return head;
            }
            skipped.add(head);
        }
        return null;
    }

    /** Takes all batches of older terms: an entry of {@code appliedTerm} was applied, so they never will be. */
    synchronized List<SentBatch> takeLost(long appliedTerm) {
        List<SentBatch> lost = new ArrayList<>();
        while (!batches.isEmpty() && batches.getFirst().term() < appliedTerm) {
            lost.add(batches.removeFirst());
        }
        return lost;
    }

    synchronized List<SentBatch> takeAll() {
        List<SentBatch> all = new ArrayList<>(batches);
        batches.clear();
        return all;
    }

    /** The batches, for sending them again to a leader that has not got them; oldest first. */
    synchronized List<SentBatch> list() {
        return new ArrayList<>(batches);
    }
}
