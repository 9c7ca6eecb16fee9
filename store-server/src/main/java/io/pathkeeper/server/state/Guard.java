package io.pathkeeper.server.state;

import io.pathkeeper.server.id.SessionKey;
import io.pathkeeper.server.tree.ZnodePath;

/** What must hold when a write is applied, or nothing is done. */
public sealed interface Guard {
    /** The session is open. */
    record SessionOpen(SessionKey session) implements Guard {}

    /** The grant of a lock, or the leadership of an election, with this token holds. */
    record LockHeld(ZnodePath path, long token) implements Guard {}
}
