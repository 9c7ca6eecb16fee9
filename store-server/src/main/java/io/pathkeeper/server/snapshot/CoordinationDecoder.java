package io.pathkeeper.server.snapshot;

import io.pathkeeper.server.coordination.CoordinationChange;
import io.pathkeeper.server.coordination.LockEntry;
import io.pathkeeper.server.coordination.LockMode;
import io.pathkeeper.server.encoding.ByteSource;
import io.pathkeeper.server.encoding.CorruptBytesException;
import io.pathkeeper.server.session.Session;
import io.pathkeeper.server.tree.ZnodePath;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads what {@link CoordinationEncoder} wrote. Of one thread. */
final class CoordinationDecoder {
    private static final LockMode[] MODES = LockMode.values();
    private static final CoordinationChange.Kind[] KINDS = CoordinationChange.Kind.values();

    private final ZnodeDecoder znodes;

    CoordinationDecoder(ZnodeDecoder znodes) {
        this.znodes = znodes;
    }

    /** A lock without its entries, and how many of them follow. */
    record LockFacts(
            ZnodePath path, boolean election, long maxPermits, long notBeforeMillis, int holders, int waiters) {}

    Session session(ByteSource source) throws CorruptBytesException {
        long id = source.getVarint();
        long timeoutMillis = source.getVarint();
        String clientIdentity = source.getText("client identity");
        String address = source.getText("address of a session");
        long createdRevision = source.getVarint();
        long createdAtMillis = source.getZigzag();
        int count = source.getCount(2, "labels of a session");
        SortedMap<String, String> labels = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            String key = source.getText("key of a label");
            if (!labels.isEmpty() && labels.lastKey().compareTo(key) >= 0) {
                throw source.corrupt("labels of a session are not in order");
            }
            labels.put(key, source.getText("label"));
        }
        byte[] secret = source.getBytes("secret of a session");
        return new Session(
                id, secret, timeoutMillis, clientIdentity, labels, address, createdRevision, createdAtMillis);
    }

    LockFacts lock(ByteSource source) throws CorruptBytesException {
        return new LockFacts(
                znodes.path(source),
                truth(source, "use as an election"),
                source.getVarint(),
                source.getVarint(),
                source.getInt(Integer.MAX_VALUE, "number of holders"),
                source.getInt(Integer.MAX_VALUE, "number of waiters"));
    }

    LockEntry entry(ByteSource source) throws CorruptBytesException {
        long sessionId = source.getVarint();
        String holderId = source.getText("holder id");
        LockMode mode = source.getEnum(MODES, "mode of a lock");
        return new LockEntry(
                sessionId,
                holderId,
                mode,
                source.getVarint(),
                source.getVarint(),
                source.getVarint(),
                source.getVarint(),
                source.getVarint(),
                source.getText("note"),
                source.getBytes("value"),
                source.getFixed64());
    }

    /** A change whose kind was read already. */
    CoordinationChange change(int kind, ByteSource source) throws CorruptBytesException {
        return switch (kind) {
            case CoordinationEncoder.SESSION_OPENED -> new CoordinationChange.SessionOpened(session(source));
            case CoordinationEncoder.SESSION_ENDED ->
                new CoordinationChange.SessionEnded(source.getVarint(), truth(source, "expiry"));
            case CoordinationEncoder.LOCK_CHANGED -> lockChanged(source);
            default -> throw source.corrupt("kind of change " + kind + " is unknown");
        };
    }

    private CoordinationChange lockChanged(ByteSource source) throws CorruptBytesException {
        CoordinationChange.Kind kind = source.getEnum(KINDS, "kind of a lock's change");
        boolean election = truth(source, "use as an election");
        ZnodePath path = znodes.path(source);
        return new CoordinationChange.LockChanged(path, election, kind, entry(source));
    }

    static boolean truth(ByteSource source, String what) throws CorruptBytesException {
        int value = source.getByte();
        if (value > 1) {
            throw source.corrupt(what + " is " + value + ", 0 or 1 is expected");
        }
        return value == 1;
    }
}
