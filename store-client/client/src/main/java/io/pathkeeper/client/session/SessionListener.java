package io.pathkeeper.client.session;

/** Is told when the state of a session changes. Called by one callback thread at a time, in order. */
@FunctionalInterface
public interface SessionListener {
    /**
     * The state has changed. The call may come late when callbacks are slow: ask {@link PathkeeperSession#state()} before anything that
     * needs the session.
     *
     * @param session the session
     * @param state the state that it changed to
     */
    void onState(PathkeeperSession session, SessionState state);
}
