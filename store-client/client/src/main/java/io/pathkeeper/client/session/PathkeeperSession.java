package io.pathkeeper.client.session;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * An open session, kept alive by a thread of the client until it is closed or lost. Not bound to a connection or a server: breaks of the
 * connection and changes of the leader are not seen unless they last. Safe to use from any thread.
 *
 * <p><b>What is promised.</b> {@link #state()} is {@link SessionState#LOST} no later than one timeout after the last keep-alive that was
 * answered was <i>sent</i>, by the monotonic clock of this machine, whatever the network does and however long this program was stopped: it
 * is computed when it is asked for. The servers end the session no earlier than that, if their clocks run at the same rate. So a program
 * that asks before each step stops before another one is given its locks. It cannot ask and step at once, however: a step that must not be
 * taken twice is guarded at the place where it takes effect, see {@link io.pathkeeper.client.model.Guards} for writes to the store, and the
 * token of a lock for everything else.
 *
 * <pre>{@code
 * try (PathkeeperSession session = client.sessions().open(SessionOptions.defaults().identity("worker-7"))) {
 *     client.store().create("/workers-7", Value.of("here"), CreateOptions.defaults().ephemeral(session));
 * }
 * }</pre>
 *
 * <p>Close a session before its client. A session that is left open when the client is closed or the program ends stays open on the servers
 * for its timeout, so that it can be resumed with its {@link #key()}.
 */
public interface PathkeeperSession extends AutoCloseable {
    /** Returns the key, with which another client can resume this session. */
    SessionKey key();

    /** Returns the id. */
    long id();

    /** Returns the timeout that the servers granted. */
    Duration timeout();

    /** Returns whether it was resumed rather than opened. */
    boolean wasResumed();

    /** Returns the state as of this moment. Does not wait. */
    SessionState state();

    /** Returns whether the state is {@link SessionState#CONNECTED} as of this moment. */
    default boolean isConnected() {
        return state() == SessionState.CONNECTED;
    }

    /** Tells the listener of every change of the state from now on. */
    void addListener(SessionListener listener);

    /** Tells the listener nothing any more; a call that is under way may still come. */
    void removeListener(SessionListener listener);

    /** Returns a future that completes, on a callback thread, when the state is {@link SessionState#LOST}, also by {@link #close()}. */
    CompletableFuture<Void> whenLost();

    /**
     * Ends the session: its state is {@link SessionState#LOST} at once, and all its ephemeral znodes, locks and candidacies go in one
     * revision. Completes with that revision, or with 0 when the session had ended before; fails when no server could be told within the request timeout:
     * the session then ends by itself.
     */
    CompletableFuture<Long> closeAsync();

    /**
     * Does what {@link #closeAsync()} does and waits for its end, unless it is called by a callback. Throws nothing when no server could be
     * told. May be called again.
     */
    @Override
    void close();
}
