package io.pathkeeper.client.session;

/**
 * What a client knows of its session by its own clock.
 *
 * <pre>
 * CONNECTED &lt;-&gt; SUSPENDED -&gt; LOST      CONNECTED -&gt; LOST
 * </pre>
 */
public enum SessionState {
    /** A keep-alive that was sent less than two thirds of the timeout ago was answered: the session is open. */
    CONNECTED,
    /**
     * The last keep-alive that was answered was sent two thirds of the timeout ago or more. The session is open still, but may end soon: a
     * leader or a holder of a lock should begin nothing new.
     */
    SUSPENDED,
    /**
     * The session has ended, was closed, or may have ended: the last keep-alive that was answered was sent a whole timeout ago. Its
     * ephemeral znodes, locks and leaderships are no longer its own. Never left again.
     */
    LOST
}
