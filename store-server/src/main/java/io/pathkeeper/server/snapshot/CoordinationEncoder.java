package io.pathkeeper.server.snapshot;

import io.pathkeeper.server.coordination.CoordinationChange;
import io.pathkeeper.server.coordination.LockEntry;
import io.pathkeeper.server.coordination.LockState;
import io.pathkeeper.server.encoding.ByteSink;
import io.pathkeeper.server.session.Session;
import java.util.Map;

/** Writes sessions, locks and their changes. Of one thread. */
final class CoordinationEncoder {
    /** Kinds of changes; those of the tree are below. */
    static final int SESSION_OPENED = 4;

    static final int SESSION_ENDED = 5;
    static final int LOCK_CHANGED = 6;

    private final ByteSink sink;
    private final ZnodeEncoder znodes;

    CoordinationEncoder(ByteSink sink, ZnodeEncoder znodes) {
        this.sink = sink;
        this.znodes = znodes;
    }

    void session(Session session) {
        sink.putVarint(session.id());
        sink.putVarint(session.timeoutMillis());
        sink.putText(session.clientIdentity());
        sink.putText(session.address());
        sink.putVarint(session.createdRevision());
        sink.putZigzag(session.createdAtMillis());
        sink.putVarint(session.labels().size());
        for (Map.Entry<String, String> label : session.labels().entrySet()) {
            sink.putText(label.getKey());
            sink.putText(label.getValue());
        }
        sink.putBytes(session.secret());
    }

    /** What a lock has beside its entries, which follow. */
    void lock(LockState lock) {
        znodes.path(lock.path());
        sink.putByte(lock.election() ? 1 : 0);
        sink.putVarint(lock.maxPermits());
        sink.putVarint(lock.notBeforeMillis());
        sink.putVarint(lock.holders().size());
        sink.putVarint(lock.waiters().size());
    }

    void entry(LockEntry entry) {
        sink.putVarint(entry.sessionId());
        sink.putText(entry.holderId());
        sink.putByte(entry.mode().ordinal());
        sink.putVarint(entry.permits());
        sink.putVarint(entry.token());
        sink.putVarint(entry.queuedRevision());
        sink.putVarint(entry.modifiedRevision());
        sink.putVarint(entry.lockDelayMillis());
        sink.putText(entry.note());
        sink.putBytes(entry.value());
        sink.putFixed64(entry.callId());
    }

    void change(CoordinationChange change) {
        if (change instanceof CoordinationChange.SessionOpened opened) {
            sink.putByte(SESSION_OPENED);
            session(opened.session());
        } else if (change instanceof CoordinationChange.SessionEnded ended) {
            sink.putByte(SESSION_ENDED);
            sink.putVarint(ended.sessionId());
            sink.putByte(ended.expired() ? 1 : 0);
        } else if (change instanceof CoordinationChange.LockChanged lock) {
            sink.putByte(LOCK_CHANGED);
            sink.putByte(lock.kind().ordinal());
            sink.putByte(lock.election() ? 1 : 0);
            znodes.path(lock.path());
            entry(lock.entry());
        } else {
            throw new IllegalArgumentException("no binary form for " + change.getClass());
        }
    }
}
