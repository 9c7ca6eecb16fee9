package io.pathkeeper.client.recipe;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.coordination.LockGrant;
import io.pathkeeper.client.coordination.LockRequest;
import io.pathkeeper.client.session.PathkeeperSession;
import java.time.Duration;
import java.util.Optional;

/**
 * A number of permits for the whole cluster.
 *
 * <p><b>Promised:</b> at each revision no more permits are held than there are; first come, first served, so that one that wants many is not held up
 * by those that want few. Permits come back when they are released or their session ends. <b>Not promised:</b> the same that a {@link
 * DistributedLock} cannot promise: guard what must not be done by a holder that has lost its permits.
 *
 * <pre>{@code
 * DistributedSemaphore semaphore = new DistributedSemaphore(client, session, "/semaphores/downloads", 3);
 * LockGrant permit = semaphore.acquire(1);
 * try {
 *     System.out.println("one of three: " + permit.isHeld());
 * } finally {
 *     permit.release().join();
 * }
 * }</pre>
 */
public final class DistributedSemaphore {
    private final PathkeeperClient client;
    private final PathkeeperSession session;
    private final String path;
    private final long maxPermits;

    /**
     * Makes a semaphore.
     *
     * @param maxPermits permits that there are in all: 1 to 1,000,000,000; the same from everybody
     */
    public DistributedSemaphore(PathkeeperClient client, PathkeeperSession session, String path, long maxPermits) {
        this.client = client;
        this.session = session;
        this.path = path;
        this.maxPermits = maxPermits;
        // So that a number out of range is refused here.
        LockRequest.permits(path, session, 1, maxPermits);
    }

    /** Waits until so many permits are held. Release the grant to give them back. */
    public LockGrant acquire(long permits) {
        return client.locks().acquire(LockRequest.permits(path, session, permits, maxPermits));
    }

    /**
     * Does what {@link #acquire(long)} does, but gives up.
     *
     * @param wait how long to wait for others: 0 to 5 minutes
     */
    public Optional<LockGrant> tryAcquire(long permits, Duration wait) {
        return client.locks().tryAcquire(LockRequest.permits(path, session, permits, maxPermits), wait);
    }
}
