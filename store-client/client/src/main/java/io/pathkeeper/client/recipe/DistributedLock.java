package io.pathkeeper.client.recipe;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.coordination.LockGrant;
import io.pathkeeper.client.coordination.LockRequest;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.model.Guards;
import io.pathkeeper.client.session.PathkeeperSession;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A lock of the whole cluster. One object is one holder: whoever uses the same object shares its hold, which is counted; threads that must
 * exclude one another use an object each.
 *
 * <p><b>Promised:</b> at each revision at most one session that has not ended holds the lock; waiting ones are served in the order in which they
 * came; {@link #isHeld()} is false as soon as the session is suspended or lost, by the clock of this machine, before the servers give the lock to
 * another one; tokens of successive holders grow.
 *
 * <p><b>Not promised:</b> a thread may be stopped between a look at {@link #isHeld()} and the step behind it. Guard the step: writes to the store
 * with {@link #guards()}, other systems by having them refuse a {@link #token()} lower than one that they have seen.
 *
 * <pre>{@code
 * DistributedLock lock = new DistributedLock(client, session, "/locks/report");
 * client.store().set("/report", Value.of("old"), SetOptions.defaults().allowMissing(true));
 * lock.lock();
 * try {
 *     client.store().set("/report", Value.of("new"), SetOptions.defaults().guards(lock.guards()));
 * } finally {
 *     lock.unlock();
 * }
 * }</pre>
 */
public final class DistributedLock {
    private final PathkeeperClient client;
    private final PathkeeperSession session;
    private final String path;
    private final Supplier<LockRequest> request;
    /** Lets one thread at a time ask the servers. */
    private final Semaphore asking = new Semaphore(1);

    private @Nullable LockGrant grant;
    private int holds;

    /** Makes an exclusive lock; it is not held yet. */
    public DistributedLock(PathkeeperClient client, PathkeeperSession session, String path) {
        this(client, session, path, () -> LockRequest.exclusive(path, session));
    }

    DistributedLock(PathkeeperClient client, PathkeeperSession session, String path, Supplier<LockRequest> request) {
        this.client = client;
        this.session = session;
        this.path = path;
        this.request = request;
    }

    /**
     * Waits until the lock is held; when it is held already, counts one more hold. A thread that is interrupted leaves the queue.
     *
     * @return the token
     * @throws io.pathkeeper.client.error.PreconditionFailedException with {@code SESSION_EXPIRED} when the session is lost, with {@code
     *     LOCK_NOT_HELD} when the lock was held and its session is suspended or lost now: unlock first
     */
    public long lock() {
        acquireTurn();
        try {
            Long held = again();
            return held != null ? held : hold(client.locks().acquire(request.get()));
        } finally {
            asking.release();
        }
    }

    /**
     * Does what {@link #lock()} does, but gives up.
     *
     * @param wait how long to wait for others: 0 to 5 minutes
     * @return whether it is held
     */
    public boolean tryLock(Duration wait) {
        acquireTurn();
        try {
            if (again() != null) {
                return true;
            }
            Optional<LockGrant> granted = client.locks().tryAcquire(request.get(), wait);
            granted.ifPresent(this::hold);
            return granted.isPresent();
        } finally {
            asking.release();
        }
    }

    private void acquireTurn() {
        try {
            asking.acquire();
        } catch (InterruptedException e) {
            throw Waits.interrupted(e);
        }
    }

    private synchronized @Nullable Long again() {
        LockGrant present = grant;
        if (present == null) {
            return null;
        }
        if (!present.isHeld()) {
            throw Waits.precondition(
                    Reason.LOCK_NOT_HELD, "the session of the lock " + path + " is suspended or lost: unlock it first");
        }
        holds++;
        return present.token();
    }

    private synchronized long hold(LockGrant granted) {
        grant = granted;
        holds = 1;
        return granted.token();
    }

    /**
     * Counts one hold less, and gives the lock back behind the last one. Waits until the servers know; when it fails, they give it back at the end
     * of the session.
     *
     * @throws IllegalStateException when it is not locked by this object
     */
    public void unlock() {
        LockGrant last;
        synchronized (this) {
            last = grant;
            if (last == null) {
                throw new IllegalStateException("the lock " + path + " is not locked by this object");
            }
            holds--;
            if (holds > 0) {
                return;
            }
            grant = null;
        }
        Waits.get(last.release());
    }

    /** Returns whether the lock is held as of this moment. Does not wait. */
    public synchronized boolean isHeld() {
        return grant != null && grant.isHeld();
    }

    /**
     * Returns the fencing token.
     *
     * @throws IllegalStateException when it is not locked by this object
     */
    public synchronized long token() {
        if (grant == null) {
            throw new IllegalStateException("the lock " + path + " is not locked by this object");
        }
        return grant.token();
    }

    /**
     * Returns guards that let a write happen only while this hold lasts.
     *
     * @throws IllegalStateException when it is not locked by this object
     */
    public synchronized Guards guards() {
        return Guards.none().requireLock(path, token());
    }

    @Override
    public String toString() {
        return "DistributedLock[" + path + " session " + session.id() + "]";
    }
}
