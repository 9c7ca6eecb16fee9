package io.pathkeeper.client.coordination;

import java.util.List;

/**
 * A lock as everybody sees it.
 *
 * @param path its path
 * @param holders who holds it
 * @param waiters who waits, first come first; at most 100
 * @param waiterCount number of all that wait
 * @param maxPermits permits that there are in all, with {@link LockMode#PERMITS}
 * @param election whether it is an election's
 */
public record LockInfo(
        String path,
        List<LockHolder> holders,
        List<LockHolder> waiters,
        long waiterCount,
        long maxPermits,
        boolean election) {
    /** Copies the lists. */
    public LockInfo {
        holders = List.copyOf(holders);
        waiters = List.copyOf(waiters);
    }
}
