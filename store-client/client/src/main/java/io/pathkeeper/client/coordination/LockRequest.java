package io.pathkeeper.client.coordination;

import io.pathkeeper.client.session.PathkeeperSession;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;

/**
 * What is asked of a lock. A lock is named by an absolute path, which needs no znode. By default: with a holder id of its own, no lock delay,
 * no note.
 *
 * <p>Immutable: every setter returns a changed copy.
 */
public final class LockRequest {
    private final String path;
    private final PathkeeperSession session;
    private final LockMode mode;
    private final long permits;
    private final long maxPermits;
    private final String holderId;
    private final Duration lockDelay;
    private final String note;

    private LockRequest(
            String path,
            PathkeeperSession session,
            LockMode mode,
            long permits,
            long maxPermits,
            String holderId,
            Duration lockDelay,
            String note) {
        this.path = path;
        this.session = session;
        this.mode = mode;
        this.permits = permits;
        this.maxPermits = maxPermits;
        this.holderId = holderId;
        this.lockDelay = lockDelay;
        this.note = note;
    }

    private static LockRequest of(
            String path, PathkeeperSession session, LockMode mode, long permits, long maxPermits) {
        return new LockRequest(
                Objects.requireNonNull(path, "path"),
                Objects.requireNonNull(session, "session"),
                mode,
                permits,
                maxPermits,
                UUID.randomUUID().toString(),
                Duration.ZERO,
                "");
    }

    /** Asks for a lock that nobody else holds. */
    public static LockRequest exclusive(String path, PathkeeperSession session) {
        return of(path, session, LockMode.EXCLUSIVE, 0, 0);
    }

    /** Asks for a lock that others may hold shared. */
    public static LockRequest shared(String path, PathkeeperSession session) {
        return of(path, session, LockMode.SHARED, 0, 0);
    }

    /**
     * Asks for permits.
     *
     * @param permits wanted, 1 to {@code maxPermits}
     * @param maxPermits that there are in all, 1 to 1,000,000,000; the same from everybody while the lock is used
     * @throws IllegalArgumentException when a number is out of range
     */
    public static LockRequest permits(String path, PathkeeperSession session, long permits, long maxPermits) {
        if (maxPermits < 1 || maxPermits > 1_000_000_000) {
            throw new IllegalArgumentException("maxPermits must be 1 to 1,000,000,000, not " + maxPermits);
        }
        if (permits < 1 || permits > maxPermits) {
            throw new IllegalArgumentException("permits must be 1 to maxPermits " + maxPermits + ", not " + permits);
        }
        return of(path, session, LockMode.PERMITS, permits, maxPermits);
    }

    /**
     * Tells several holders of one session apart: 1 to 100 characters, a random one by default. The same session and holder asking again get
     * the grant that they have; so a program that resumes its session can have its lock again.
     *
     * @throws IllegalArgumentException when it is empty or too long
     */
    public LockRequest holderId(String holderId) {
        if (holderId.isEmpty() || holderId.length() > 100) {
            throw new IllegalArgumentException("holderId must have 1 to 100 characters, not " + holderId.length());
        }
        return new LockRequest(path, session, mode, permits, maxPermits, holderId, lockDelay, note);
    }

    /**
     * When the session of the holder expires, the next grant waits so long: 0 to 60 s. Gives a holder that does not know of its end the time to
     * notice it. Not when the lock is released or the session closed.
     *
     * @throws IllegalArgumentException when it is out of range
     */
    public LockRequest lockDelay(Duration lockDelay) {
        if (lockDelay.isNegative() || lockDelay.compareTo(Duration.ofSeconds(60)) > 0) {
            throw new IllegalArgumentException("lockDelay must be 0 to 60 s, not " + lockDelay);
        }
        return new LockRequest(path, session, mode, permits, maxPermits, holderId, lockDelay, note);
    }

    /** Sets a word to others that look at the lock: at most 256 bytes. */
    public LockRequest note(String note) {
        return new LockRequest(
                path, session, mode, permits, maxPermits, holderId, lockDelay, Objects.requireNonNull(note, "note"));
    }

    /** Returns the path of the lock. */
    public String path() {
        return path;
    }

    /** Returns the session that will hold it. */
    public PathkeeperSession session() {
        return session;
    }

    /** Returns how it will be held. */
    public LockMode mode() {
        return mode;
    }

    /** Returns the permits wanted; 0 in other modes. */
    public long permits() {
        return permits;
    }

    /** Returns the permits that there are in all; 0 in other modes. */
    public long maxPermits() {
        return maxPermits;
    }

    /** Returns the holder id. */
    public String holderId() {
        return holderId;
    }

    /** Returns how long the next grant waits behind an expiry. */
    public Duration lockDelay() {
        return lockDelay;
    }

    /** Returns the word to others. */
    public String note() {
        return note;
    }
}
