package io.pathkeeper.client.coordination;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;

/**
 * Locks. Safe to use from any thread. Methods that return futures do not wait; the others wait for theirs and are refused on callback
 * threads. All fail with a {@link io.pathkeeper.client.error.PathkeeperException}.
 *
 * <p><b>Promises.</b> At most one session that has not ended holds an exclusive lock at each revision; tokens of successive holders increase;
 * grants are given first come, first served. A request whose connection breaks while it waits is asked again under another holder id, at the
 * end of the queue, and its old place is given up: the server that was asked first may give it up at any later time, too.
 */
public interface Locks {
    /** Queues for a lock and completes when it is granted. See {@link #acquireAsync(LockRequest, LongConsumer)}. */
    default CompletableFuture<LockGrant> acquireAsync(LockRequest request) {
        return acquireAsync(request, position -> {});
    }

    /**
     * Queues for a lock and completes, on a callback thread, when it is granted, however long that takes. Cancelling the future leaves the
     * queue, and gives the lock back should it have been granted.
     *
     * <p>Fails with {@link io.pathkeeper.client.error.PreconditionFailedException} ({@code SESSION_EXPIRED}: the session has ended; {@code
     * LOCK_MODE_MISMATCH}), {@link io.pathkeeper.client.error.LimitExceededException} ({@code QUOTA_EXCEEDED}: too many wait).
     *
     * @param position is told how many are in front, holders not counted, when that changes; on a callback thread
     */
    CompletableFuture<LockGrant> acquireAsync(LockRequest request, LongConsumer position);

    /** Queues for a lock and waits until it is granted. A thread that is interrupted leaves the queue. */
    LockGrant acquire(LockRequest request);

    /**
     * Acquires a lock at once, or within a time, or not at all.
     *
     * @param wait how long to wait: 0 to 5 minutes
     */
    CompletableFuture<Optional<LockGrant>> tryAcquireAsync(LockRequest request, Duration wait);

    /** Does what {@link #tryAcquireAsync(LockRequest, Duration)} does, and waits. */
    Optional<LockGrant> tryAcquire(LockRequest request, Duration wait);

    /** Describes a lock, linearizably; without holders and waiters when nobody uses it. */
    CompletableFuture<LockInfo> info(String path);

    /**
     * Lists the locks and elections that are held or waited for, linearizably.
     *
     * @param path only those at or below this path; all when empty
     * @param pageSize at most so many, 1 to 1,000
     * @param pageToken token of the page before; empty for the first
     */
    CompletableFuture<LockPage> list(String path, int pageSize, String pageToken);
}
