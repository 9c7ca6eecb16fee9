package io.pathkeeper.server.coordination;

import java.util.Arrays;

/**
 * A holder or a waiter of a lock, a leader or a candidate of an election. Immutable.
 *
 * @param sessionId its session
 * @param holderId tells several of one session apart
 * @param mode how it holds or wants the lock
 * @param permits permits with {@link LockMode#PERMITS}, else 0
 * @param token fencing token, an election's term: the revision of the grant; 0 while it waits
 * @param queuedRevision revision at which it came
 * @param modifiedRevision revision of its last change: it came, was granted, or proclaimed something
 * @param lockDelayMillis how long the next grant waits when its session expires while it holds
 * @param note its word to others, empty for none
 * @param value canonical encoding of what it proclaims in an election; empty for a lock; must not be changed
 * @param callId the {@link CallId} of the last call that asked for it: only that one may take it back unasked; 0 for none. Not part of any digest
 */
public record LockEntry(
        long sessionId,
        String holderId,
        LockMode mode,
        long permits,
        long token,
        long queuedRevision,
        long modifiedRevision,
        long lockDelayMillis,
        String note,
        byte[] value,
        long callId) {
    /** One that no call minds. */
    public LockEntry(
            long sessionId,
            String holderId,
            LockMode mode,
            long permits,
            long token,
            long queuedRevision,
            long modifiedRevision,
            long lockDelayMillis,
            String note,
            byte[] value) {
        this(
                sessionId,
                holderId,
                mode,
                permits,
                token,
                queuedRevision,
                modifiedRevision,
                lockDelayMillis,
                note,
                value,
                0);
    }

    /** Whether it is this holder of this session. */
    public boolean belongsTo(long session, String holder) {
        return sessionId == session && holderId.equals(holder);
    }

    /** The same as a holder, granted at a revision. */
    public LockEntry granted(long revision) {
        return new LockEntry(
                sessionId,
                holderId,
                mode,
                permits,
                revision,
                queuedRevision,
                revision,
                lockDelayMillis,
                note,
                value,
                callId);
    }

    /** The same with another value, proclaimed at a revision. */
    public LockEntry proclaimed(byte[] newValue, long revision) {
        return new LockEntry(
                sessionId,
                holderId,
                mode,
                permits,
                token,
                queuedRevision,
                revision,
                lockDelayMillis,
                note,
                newValue,
                callId);
    }

    /** The same, asked for by another call. */
    public LockEntry askedBy(long newCallId) {
        return new LockEntry(
                sessionId,
                holderId,
                mode,
                permits,
                token,
                queuedRevision,
                modifiedRevision,
                lockDelayMillis,
                note,
                value,
                newCallId);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LockEntry entry
                && belongsTo(entry.sessionId, entry.holderId)
                && mode == entry.mode
                && permits == entry.permits
                && token == entry.token
                && queuedRevision == entry.queuedRevision
                && modifiedRevision == entry.modifiedRevision
                && lockDelayMillis == entry.lockDelayMillis
                && note.equals(entry.note)
                && callId == entry.callId
                && Arrays.equals(value, entry.value);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(sessionId) * 31 + holderId.hashCode();
    }
}
