package io.pathkeeper.server.raft;

import io.pathkeeper.server.coordination.LockMode;
import io.pathkeeper.server.encoding.ByteSink;
import io.pathkeeper.server.encoding.ByteSource;
import io.pathkeeper.server.encoding.CorruptBytesException;
import io.pathkeeper.server.id.SessionKey;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.Guard;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The binary forms of the commands about sessions, locks and elections, and of guards. */
final class CoordinationCodec {
    private static final LockMode[] MODES = LockMode.values();

    private static final int ELECTION = 1;
    private static final int QUEUE = 1 << 1;
    private static final int PERMITS = 1 << 2;
    private static final int DELAY = 1 << 3;
    private static final int NOTE = 1 << 4;
    private static final int VALUE = 1 << 5;
    private static final int ACQUIRE_FLAGS = (1 << 6) - 1;

    private static final int GUARD_SESSION = 1;
    private static final int GUARD_LOCK = 2;

    private CoordinationCodec() {}

    static void encodeSession(SessionKey session, ByteSink sink) {
        sink.putVarint(session.id());
        sink.putBytes(session.secret());
    }

    static SessionKey decodeSession(ByteSource source) throws CorruptBytesException {
        return new SessionKey(source.getVarint(), source.getBytes("secret of a session"));
    }

    static void encodeCreateSession(Command.CreateSession create, ByteSink sink) {
        sink.putZigzag(create.timeoutMillis());
        sink.putText(create.clientIdentity());
        sink.putText(create.address());
        sink.putVarint(create.labels().size());
        for (Map.Entry<String, String> label : create.labels().entrySet()) {
            sink.putText(label.getKey());
            sink.putText(label.getValue());
        }
        sink.putBytes(create.secret());
    }

    static Command.CreateSession decodeCreateSession(ByteSource source) throws CorruptBytesException {
        long timeoutMillis = source.getZigzag();
        String clientIdentity = source.getText("client identity");
        String address = source.getText("address of a session");
        int count = source.getCount(2, "labels of a session");
        SortedMap<String, String> labels = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            labels.put(source.getText("key of a label"), source.getText("label"));
        }
        byte[] secret = source.getBytes("secret of a session");
        return new Command.CreateSession(secret, timeoutMillis, clientIdentity, labels, address);
    }

    static void encodeExpire(Command.ExpireSession expire, ByteSink sink) {
        sink.putVarint(expire.sessionId());
        sink.putVarint(expire.term());
    }

    static Command.ExpireSession decodeExpire(ByteSource source) throws CorruptBytesException {
        return new Command.ExpireSession(source.getVarint(), source.getVarint());
    }

    static void encodeAcquire(Command.Acquire acquire, ByteSink sink) {
        int flags = (acquire.election() ? ELECTION : 0)
                | (acquire.queue() ? QUEUE : 0)
                | (acquire.permits() != 0 || acquire.maxPermits() != 0 ? PERMITS : 0)
                | (acquire.lockDelayMillis() != 0 ? DELAY : 0)
                | (acquire.note().isEmpty() ? 0 : NOTE)
                | (acquire.value().length == 0 ? 0 : VALUE);
        sink.putByte(flags);
        sink.putByte(acquire.mode().ordinal());
        sink.putBytes(acquire.path().utf8());
        encodeSession(acquire.session(), sink);
        sink.putText(acquire.holderId());
        sink.putFixed64(acquire.callId());
        if ((flags & PERMITS) != 0) {
            sink.putZigzag(acquire.permits());
            sink.putZigzag(acquire.maxPermits());
        }
        if ((flags & DELAY) != 0) {
            sink.putZigzag(acquire.lockDelayMillis());
        }
        if ((flags & NOTE) != 0) {
            sink.putText(acquire.note());
        }
        if ((flags & VALUE) != 0) {
            sink.putBytes(acquire.value());
        }
    }

    static Command.Acquire decodeAcquire(ByteSource source) throws CorruptBytesException {
        int flags = OperationCodec.flags(source, ACQUIRE_FLAGS, "an acquire");
        LockMode mode = source.getEnum(MODES, "mode of a lock");
        ZnodePath path = OperationCodec.decodePath(source, false);
        SessionKey session = decodeSession(source);
        String holderId = source.getText("holder id");
        long callId = source.getFixed64();
        long permits = (flags & PERMITS) == 0 ? 0 : source.getZigzag();
        long maxPermits = (flags & PERMITS) == 0 ? 0 : source.getZigzag();
        long delay = (flags & DELAY) == 0 ? 0 : source.getZigzag();
        String note = (flags & NOTE) == 0 ? "" : source.getText("note");
        byte[] value = (flags & VALUE) == 0 ? new byte[0] : source.getBytes("value");
        return new Command.Acquire(
                path,
                (flags & ELECTION) != 0,
                session,
                holderId,
                mode,
                permits,
                maxPermits,
                delay,
                note,
                value,
                (flags & QUEUE) != 0,
                callId);
    }

    static void encodeRelease(Command.Release release, ByteSink sink) {
        sink.putByte(release.election() ? ELECTION : 0);
        sink.putBytes(release.path().utf8());
        encodeSession(release.session(), sink);
        sink.putText(release.holderId());
        sink.putVarint(release.token());
        sink.putFixed64(release.callId());
    }

    static Command.Release decodeRelease(ByteSource source) throws CorruptBytesException {
        boolean election = OperationCodec.flags(source, ELECTION, "a release") != 0;
        ZnodePath path = OperationCodec.decodePath(source, false);
        return new Command.Release(
                path,
                election,
                decodeSession(source),
                source.getText("holder id"),
                source.getVarint(),
                source.getFixed64());
    }

    static void encodeProclaim(Command.Proclaim proclaim, ByteSink sink) {
        sink.putBytes(proclaim.path().utf8());
        encodeSession(proclaim.session(), sink);
        sink.putText(proclaim.candidateId());
        sink.putVarint(proclaim.term());
        sink.putBytes(proclaim.value());
    }

    static Command.Proclaim decodeProclaim(ByteSource source) throws CorruptBytesException {
        ZnodePath path = OperationCodec.decodePath(source, false);
        return new Command.Proclaim(
                path,
                decodeSession(source),
                source.getText("candidate id"),
                source.getVarint(),
                source.getBytes("value"));
    }

    static void encodeGuards(List<Guard> guards, ByteSink sink) {
        sink.putVarint(guards.size());
        for (int i = 0; i < guards.size(); i++) {
            Guard guard = guards.get(i);
            if (guard instanceof Guard.SessionOpen open) {
                sink.putByte(GUARD_SESSION);
                encodeSession(open.session(), sink);
            } else if (guard instanceof Guard.LockHeld held) {
                sink.putByte(GUARD_LOCK);
                sink.putBytes(held.path().utf8());
                sink.putVarint(held.token());
            } else {
                throw new IllegalArgumentException("no binary form for " + guard.getClass());
            }
        }
    }

    static List<Guard> decodeGuards(ByteSource source) throws CorruptBytesException {
        int count = source.getCount(3, "guards");
        List<Guard> guards = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int kind = source.getByte();
            guards.add(
                    switch (kind) {
                        case GUARD_SESSION -> new Guard.SessionOpen(decodeSession(source));
                        case GUARD_LOCK ->
                            new Guard.LockHeld(OperationCodec.decodePath(source, false), source.getVarint());
                        default -> throw source.corrupt("kind of guard " + kind + " is unknown");
                    });
        }
        return List.copyOf(guards);
    }
}
