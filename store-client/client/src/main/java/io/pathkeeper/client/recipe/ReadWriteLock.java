package io.pathkeeper.client.recipe;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.coordination.LockRequest;
import io.pathkeeper.client.session.PathkeeperSession;

/**
 * A lock that many may hold for reading, or one for writing. The promises of {@link DistributedLock} hold for each of the two.
 *
 * <p><b>Promised:</b> first come, first served, so that readers that keep coming do not hold up a writer for ever. <b>Not promised:</b> whoever
 * reads cannot become the writer without giving the read lock back first: asking for both waits for itself.
 *
 * <pre>{@code
 * ReadWriteLock lock = new ReadWriteLock(client, session, "/locks/index");
 * lock.readLock().lock();
 * lock.readLock().unlock();
 * lock.writeLock().lock();
 * lock.writeLock().unlock();
 * }</pre>
 */
public final class ReadWriteLock {
    private final DistributedLock readLock;
    private final DistributedLock writeLock;

    /** Makes the two locks; neither is held yet. */
    public ReadWriteLock(PathkeeperClient client, PathkeeperSession session, String path) {
        this.readLock = new DistributedLock(client, session, path, () -> LockRequest.shared(path, session));
        this.writeLock = new DistributedLock(client, session, path, () -> LockRequest.exclusive(path, session));
    }

    /** Returns the lock for reading. */
    public DistributedLock readLock() {
        return readLock;
    }

    /** Returns the lock for writing. */
    public DistributedLock writeLock() {
        return writeLock;
    }
}
