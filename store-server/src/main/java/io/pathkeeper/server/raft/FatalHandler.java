package io.pathkeeper.server.raft;

import org.jspecify.annotations.Nullable;

/** Ends the server when it may be wrong. Called from any thread, perhaps more than once; must not return in production. */
public interface FatalHandler {
    /** Why the server has to end. */
    enum Cause {
        /** The log, a snapshot or an entry cannot be read. */
        CORRUPT,
        /** Writing or syncing failed: full disk, broken disk. */
        STORAGE,
        /** The tree differs from the leader's. */
        DIVERGED,
        /** This server belongs to the cluster no more. */
        REMOVED,
        /** A bug: an exception where none may be. */
        INTERNAL
    }

    /** Ends the server. */
    void stop(Cause cause, String message, @Nullable Throwable error);
}
