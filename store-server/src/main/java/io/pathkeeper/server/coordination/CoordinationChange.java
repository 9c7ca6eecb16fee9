package io.pathkeeper.server.coordination;

import io.pathkeeper.server.session.Session;
import io.pathkeeper.server.tree.ZnodePath;

/** One change of a session, a lock or an election, as a revision tells of it. */
public sealed interface CoordinationChange {
    /** A session was opened. */
    record SessionOpened(Session session) implements CoordinationChange {}

    /** A session ended: it expired, or was closed by its client. What went with it follows. */
    record SessionEnded(long sessionId, boolean expired) implements CoordinationChange {}

    /**
     * An entry of a lock or an election came, changed or went.
     *
     * @param entry behind the change; as it was before when it went
     */
    record LockChanged(ZnodePath path, boolean election, Kind kind, LockEntry entry) implements CoordinationChange {}

    /** What happened to an entry; the order is part of the stored formats. */
    enum Kind {
        /** It waits. */
        QUEUED,
        /** It holds or leads; without QUEUED before when it did so at once. */
        GRANTED,
        /** The leader proclaimed a value. */
        PROCLAIMED,
        /** A holder or leader went. */
        RELEASED,
        /** A waiter went. */
        LEFT
    }
}
