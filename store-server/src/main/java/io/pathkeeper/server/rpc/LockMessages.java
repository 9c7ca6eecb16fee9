package io.pathkeeper.server.rpc;

import io.pathkeeper.server.coordination.LockEntry;
import io.pathkeeper.server.coordination.LockMode;
import io.pathkeeper.server.coordination.LockState;
import io.pathkeeper.server.id.SessionKey;
import io.pathkeeper.server.session.Session;
import io.pathkeeper.server.session.SessionTable;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.v1.Leader;
import io.pathkeeper.v1.Lock;
import io.pathkeeper.v1.LockRequest;
import io.pathkeeper.v1.ValueFormat;

/** Locks and elections between the API's messages and the core. Reading throws {@link RejectedException}. Any thread. */
final class LockMessages {
    static final int MAX_HOLDER_ID_BYTES = 128;
    static final long MAX_LOCK_DELAY_MILLIS = 60_000;

    private static final int MAX_NOTE_BYTES = 256;
    private static final long MAX_PERMITS = 1_000_000_000;
    private static final int MAX_WAITERS_SHOWN = 100;
    private static final byte[] NO_VALUE = {};

    private LockMessages() {}

    /** What is asked of a lock. */
    static Command.Acquire acquire(boolean present, LockRequest r, boolean queue) {
        if (!present) {
            throw RejectedException.argument("lock", "is unset: say what is asked of which lock");
        }
        ZnodePath path = FieldReader.path(r.getPath());
        SessionKey session = FieldReader.session("lock.session", r.hasSession(), r.getSession());
        String holder = FieldReader.text("lock.holder_id", r.getHolderId(), MAX_HOLDER_ID_BYTES);
        LockMode mode = switch (r.getMode()) {
            case LOCK_MODE_UNSPECIFIED, LOCK_MODE_EXCLUSIVE -> LockMode.EXCLUSIVE;
            case LOCK_MODE_SHARED -> LockMode.SHARED;
            case LOCK_MODE_PERMITS -> LockMode.PERMITS;
            case UNRECOGNIZED -> throw FieldReader.unknown("lock.mode", r.getModeValue());
        };
        if (mode == LockMode.PERMITS) {
            FieldReader.within("lock.max_permits", r.getMaxPermits(), 1, MAX_PERMITS);
            FieldReader.within("lock.permits", r.getPermits(), 1, r.getMaxPermits());
        } else if (r.getPermits() != 0 || r.getMaxPermits() != 0) {
            throw RejectedException.argument("lock.permits", "and max_permits need mode LOCK_MODE_PERMITS");
        }
        return new Command.Acquire(
                path,
                false,
                session,
                holder,
                mode,
                r.getPermits(),
                r.getMaxPermits(),
                FieldReader.within("lock.lock_delay_ms", r.getLockDelayMs(), 0, MAX_LOCK_DELAY_MILLIS),
                FieldReader.text("lock.note", r.getNote(), MAX_NOTE_BYTES),
                NO_VALUE,
                queue);
    }

    /** A lock or an election; the first waiters only. */
    static Lock lock(LockState state, SessionTable sessions) {
        Lock.Builder out = Lock.newBuilder()
                .setPath(state.path().toString())
                .setWaiterCount(state.waiters().size())
                .setMaxPermits(state.maxPermits())
                .setElection(state.election());
        state.holders().forEach(entry -> out.addHolders(entry(entry, sessions)));
        state.waiters().stream().limit(MAX_WAITERS_SHOWN).forEach(entry -> out.addWaiters(entry(entry, sessions)));
        return out.build();
    }

    static io.pathkeeper.v1.LockEntry entry(LockEntry entry, SessionTable sessions) {
        return io.pathkeeper.v1.LockEntry.newBuilder()
                .setSessionId(entry.sessionId())
                .setHolderId(entry.holderId())
                .setMode(
                        switch (entry.mode()) {
                            case EXCLUSIVE -> io.pathkeeper.v1.LockMode.LOCK_MODE_EXCLUSIVE;
                            case SHARED -> io.pathkeeper.v1.LockMode.LOCK_MODE_SHARED;
                            case PERMITS -> io.pathkeeper.v1.LockMode.LOCK_MODE_PERMITS;
                        })
                .setPermits(entry.permits())
                .setToken(entry.token())
                .setQueuedRevision(entry.queuedRevision())
                .setNote(entry.note())
                .setClientIdentity(identity(entry.sessionId(), sessions))
                .build();
    }

    static Leader leader(LockEntry entry, SessionTable sessions, ValueFormat format) {
        return Leader.newBuilder()
                .setTerm(entry.token())
                .setSessionId(entry.sessionId())
                .setCandidateId(entry.holderId())
                .setClientIdentity(identity(entry.sessionId(), sessions))
                .setData(Payloads.payload(entry.value(), "", format))
                .setRevision(entry.modifiedRevision())
                .build();
    }

    private static String identity(long sessionId, SessionTable sessions) {
        Session session = sessions.find(sessionId);
        return session == null ? "" : session.clientIdentity();
    }
}
