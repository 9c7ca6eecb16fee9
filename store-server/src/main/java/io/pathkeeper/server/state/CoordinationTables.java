package io.pathkeeper.server.state;

import io.pathkeeper.server.coordination.LockState;
import io.pathkeeper.server.coordination.LockTable;
import io.pathkeeper.server.session.Session;
import io.pathkeeper.server.session.SessionTable;
import io.pathkeeper.server.tree.TreeChange;
import io.pathkeeper.server.tree.Znode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sessions and locks with the digest of both: every change goes through here. Apply thread. */
final class CoordinationTables {
    private final SessionTable sessions;
    private final LockTable locks = new LockTable();
    private long digest;

    /** Without sessions and locks. */
    CoordinationTables(long nextSessionId) {
        sessions = new SessionTable(nextSessionId);
        digest = CoordinationDigest.ofNextId(nextSessionId);
    }

    SessionTable sessions() {
        return sessions;
    }

    LockTable locks() {
        return locks;
    }

    /** Digest of everything in here; 0 as long as nothing of it was ever used. */
    long digest() {
        return digest;
    }

    void open(Session session) {
        digest -= CoordinationDigest.ofNextId(sessions.nextId());
        sessions.open(session);
        digest += CoordinationDigest.ofNextId(sessions.nextId()) + CoordinationDigest.of(session);
    }

    void end(Session session) {
        sessions.end(session.id());
        digest -= CoordinationDigest.of(session);
    }

    void put(LockState lock) {
        @Nullable LockState before = locks.find(lock.path());
        locks.put(lock);
        digest += CoordinationDigest.difference(before, lock);
    }

    /** Notes which ephemeral znodes came, went or have another owner. */
    void follow(List<TreeChange> changes) {
        for (int i = 0; i < changes.size(); i++) {
            TreeChange change = changes.get(i);
            long before = owner(change.before());
            long after = owner(change.after());
            if (before != after) {
                if (before != 0) {
                    sessions.ephemeralRemoved(before, change.path());
                }
                if (after != 0) {
                    sessions.ephemeralAdded(after, change.path());
                }
            }
        }
    }

    private static long owner(@Nullable Znode znode) {
        return znode == null ? 0 : znode.ownerSession();
    }
}
