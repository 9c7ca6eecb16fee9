package io.pathkeeper.client;

import io.pathkeeper.client.access.Access;
import io.pathkeeper.client.cluster.Logs;
import io.pathkeeper.client.cluster.Members;
import io.pathkeeper.client.cluster.Quotas;
import io.pathkeeper.client.coordination.Elections;
import io.pathkeeper.client.coordination.Locks;
import io.pathkeeper.client.observe.Observation;
import io.pathkeeper.client.observe.ObserveFrame;
import io.pathkeeper.client.observe.ObserveListener;
import io.pathkeeper.client.observe.ObserveRequest;
import io.pathkeeper.client.session.Sessions;
import java.util.concurrent.Flow;

/**
 * A client of a Pathkeeper cluster: one for a program is enough, safe to use from any thread. It connects by itself when it is first needed
 * or before, reconnects for ever, and finds the leader. Close it at the end.
 *
 * <pre>{@code
 * try (PathkeeperClient client = PathkeeperClient.builder().servers("127.0.0.1:7420").build()) {
 *     client.store().create("/config", Value.map("host", "localhost", "port", 8080));
 * }
 * }</pre>
 */
public interface PathkeeperClient extends AutoCloseable {
    /** Returns a builder with the defaults; {@link PathkeeperClientBuilder#servers(String...)} must be called. */
    static PathkeeperClientBuilder builder() {
        return new PathkeeperClientBuilder();
    }

    /** Returns the asynchronous store. */
    AsyncStore async();

    /** Returns the blocking store. */
    Store store();

    /** Returns what opens sessions, which own ephemeral znodes, locks and candidacies. */
    Sessions sessions();

    /** Returns the locks; what programs usually want is in {@code io.pathkeeper.client.recipe}. */
    Locks locks();

    /** Returns the elections; what programs usually want is in {@code io.pathkeeper.client.recipe}. */
    Elections elections();

    /** Returns users, roles and tokens, and who this client is. */
    Access access();

    /** Returns who belongs to the cluster, and what changes that. */
    Members members();

    /** Returns how much the servers log, and what changes that. */
    Logs logs();

    /** Limits of subtrees. */
    Quotas quotas();

    /**
     * Observes changes with a listener, which is called by one callback thread at a time. Breaks of the connection are mended without a
     * trace: every change comes once, in order.
     */
    Observation observe(ObserveRequest request, ObserveListener listener);

    /**
     * Returns a publisher of the frames of an observation. Each subscription is an observation of its own; the server sends only what
     * the subscriber asks for, and nothing is buffered but one revision and a few frames. {@code onError} gets a {@link
     * io.pathkeeper.client.error.PathkeeperException}.
     */
    Flow.Publisher<ObserveFrame> observe(ObserveRequest request);

    /** Returns the random identity under which the servers know the writes of this client. */
    String clientId();

    /** Returns the newest revision that an answer has told this client of; 0 before the first. */
    long lastSeenRevision();

    /**
     * Closes the connections and ends all threads. Calls without an answer fail with {@link
     * io.pathkeeper.client.error.ClientClosedException} and their honest outcome, observations end without an error. Waits a moment for the
     * threads, unless it is called by a callback. Sessions that were not closed before are lost to this client and end on the servers when
     * their timeout is over. May be called again.
     */
    @Override
    void close();
}
