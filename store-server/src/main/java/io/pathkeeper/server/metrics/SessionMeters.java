package io.pathkeeper.server.metrics;

/** What sessions, locks and elections report. Any thread; counts come in batches. */
public interface SessionMeters {
    /** Reports nothing. For tests. */
    SessionMeters NONE = new SessionMeters() {};

    /** A session was opened; counted by every server. */
    default void opened() {}

    /** A session that nobody had heard of for its timeout was ended; counted by every server. */
    default void expired() {}

    /** A session was closed by its client; counted by every server. */
    default void closed() {}

    /** So many sessions were renewed through this server. */
    default void keepAlives(int count) {}

    /**
     * Renewals came to the leader together, the latest of them so long behind the third of its session's timeout in which clients renew;
     * 0 when all were in time.
     */
    default void keepAliveLag(long nanos) {}

    /** A call of this server was granted its lock, so long after it asked. */
    default void lockGranted(long waitNanos) {}

    /** An election has another leader; counted by every server. */
    default void elected() {}
}
