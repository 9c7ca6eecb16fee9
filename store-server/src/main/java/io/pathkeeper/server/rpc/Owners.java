package io.pathkeeper.server.rpc;

import io.pathkeeper.server.session.Session;
import io.pathkeeper.server.store.AppliedState;
import io.pathkeeper.server.store.StoreService;

/** Says what the clients of sessions call themselves. Any thread. */
public interface Owners {
    /** The identity that the session was opened with; empty when it had none, or is over. */
    String identity(long sessionId);

    /** From a server's own sessions. */
    static Owners of(AppliedState state) {
        return id -> identity(state.sessions().find(id));
    }

    /** From a store's sessions. */
    static Owners of(StoreService store) {
        return id -> identity(store.sessions().find(id));
    }

    private static String identity(@org.jspecify.annotations.Nullable Session session) {
        return session == null ? "" : session.clientIdentity();
    }
}
