package io.pathkeeper.server.raft;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What other servers sent to this one while it leads, waiting to be put into entries. Belongs to one term at a time: whatever
 * came for an older one is dropped, because its sender will learn that it was lost.
 *
 * <p>Keeps the order of each origin without a gap or a repeat: a batch that does not follow the one before is refused. Bounded
 * by the senders' windows. Safe for all threads through its monitor.
 */
final class ForwardedBatches {
    /** No batch of that origin came in this term. */
    static final long NOTHING = -1;

    /** What another server sent. */
    record Batch(long origin, long firstSequence, int count, byte[] bytes) {}

    private final Map<Long, Long> next = new HashMap<>();
    private final Deque<Batch> waiting = new ArrayDeque<>();
    private long term;
    private long dropped;
    private volatile int commands;

    /** Sequence that this origin has to go on with in this term, or {@link #NOTHING}. */
    synchronized long nextSequence(long origin, long inTerm) {
        enter(inTerm);
        return inTerm == term ? next.getOrDefault(origin, NOTHING) : NOTHING;
    }

    /** Returns false when the batch leaves a gap: the sender must begin anew. A repeat is dropped silently. */
    synchronized boolean offer(long inTerm, Batch batch) {
        enter(inTerm);
        if (inTerm != term) {
            dropped++;
            return true;
        }
        Long expected = next.get(batch.origin());
        if (expected != null && batch.firstSequence() != expected) {
            dropped++;
            return batch.firstSequence() < expected;
        }
        next.put(batch.origin(), batch.firstSequence() + batch.count());
        waiting.addLast(batch);
        commands += batch.count();
        return true;
    }

    synchronized @Nullable Batch peek(long inTerm) {
        enter(inTerm);
        return inTerm == term ? waiting.peekFirst() : null;
    }

    synchronized void removeFirst() {
        commands -= waiting.removeFirst().count();
    }

    /** Commands that wait. Takes no lock. */
    int commands() {
        return commands;
    }

    synchronized boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Batches that were dropped because they came too late or twice. */
    synchronized long dropped() {
        return dropped;
    }

    private void enter(long newTerm) {
        if (newTerm > term) {
            term = newTerm;
            dropped += waiting.size();
            waiting.clear();
            commands = 0;
            next.clear();
        }
    }
}
