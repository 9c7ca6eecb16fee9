package io.pathkeeper.client.memory;

import io.pathkeeper.v1.LockMode;
import io.pathkeeper.v1.Payload;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The locks and elections with their queues: first come, first served. The caller owns the lock. */
final class MemoryLocks {
    /** A holder or a waiter. */
    static final class Entry {
        final long sessionId;
        final String holderId;
        final LockMode mode;
        final long permits;
        final long queuedRevision;
        long token;
        long revision;
        Payload value;

        Entry(long sessionId, String holderId, LockMode mode, long permits, long queuedRevision, Payload value) {
            this.sessionId = sessionId;
            this.holderId = holderId;
            this.mode = mode;
            this.permits = permits;
            this.queuedRevision = queuedRevision;
            this.value = value;
        }
    }

    /** One lock. */
    static final class Queue {
        final boolean election;
        final long maxPermits;
        final List<Entry> holders = new ArrayList<>();
        final List<Entry> waiters = new ArrayList<>();

        Queue(boolean election, long maxPermits) {
            this.election = election;
            this.maxPermits = maxPermits;
        }

        private boolean fits(Entry entry) {
            return switch (entry.mode) {
                case LOCK_MODE_SHARED -> holders.stream().allMatch(held -> held.mode == LockMode.LOCK_MODE_SHARED);
                case LOCK_MODE_PERMITS ->
                    holders.stream().mapToLong(held -> held.permits).sum() + entry.permits <= maxPermits;
                default -> holders.isEmpty();
            };
        }

        @Nullable
        Entry find(long sessionId, String holderId) {
            for (List<Entry> entries : List.of(holders, waiters)) {
                for (Entry entry : entries) {
                    if (entry.sessionId == sessionId && entry.holderId.equals(holderId)) {
                        return entry;
                    }
                }
            }
            return null;
        }
    }

    final Map<String, Queue> queues = new TreeMap<>();

    @Nullable
    Entry find(String path, long sessionId, String holderId) {
        Queue queue = queues.get(path);
        return queue == null ? null : queue.find(sessionId, holderId);
    }

    /** Queues an entry, or returns the one that is there. */
    Entry queue(String path, boolean election, long maxPermits, Entry entry) {
        Queue queue = queues.computeIfAbsent(path, unused -> new Queue(election, maxPermits));
        if (queue.election != election || queue.maxPermits != maxPermits) {
            throw Refused.precondition("LOCK_MODE_MISMATCH", path);
        }
        Entry present = queue.find(entry.sessionId, entry.holderId);
        if (present != null) {
            return present;
        }
        queue.waiters.add(entry);
        return entry;
    }

    /** Grants what fits, from the head of each queue on. */
    void grant(long revision) {
        for (Iterator<Queue> all = queues.values().iterator(); all.hasNext(); ) {
            Queue queue = all.next();
            while (!queue.waiters.isEmpty() && queue.fits(queue.waiters.get(0))) {
                Entry granted = queue.waiters.remove(0);
                granted.token = revision;
                granted.revision = revision;
                queue.holders.add(granted);
            }
            if (queue.waiters.isEmpty() && queue.holders.isEmpty()) {
                all.remove();
            }
        }
    }

    /** Removes an entry; with a token only a grant with it. */
    boolean remove(String path, long sessionId, String holderId, long token) {
        Entry entry = find(path, sessionId, holderId);
        if (entry == null || (token != 0 && entry.token != token)) {
            return false;
        }
        Queue queue = queues.get(path);
        return queue != null && (queue.holders.remove(entry) | queue.waiters.remove(entry));
    }

    void removeSession(long sessionId) {
        queues.values().forEach(queue -> {
            queue.holders.removeIf(entry -> entry.sessionId == sessionId);
            queue.waiters.removeIf(entry -> entry.sessionId == sessionId);
        });
    }

    boolean holds(String path, long token) {
        Queue queue = queues.get(path);
        return queue != null && queue.holders.stream().anyMatch(entry -> entry.token == token);
    }
}
