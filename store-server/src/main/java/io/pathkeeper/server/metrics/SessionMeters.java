package io.pathkeeper.server.metrics;

/** What sessions report. Any thread; counts come in batches. */
public interface SessionMeters {
    /** Reports nothing. For tests. */
    SessionMeters NONE = new SessionMeters() {};

    /** A session that nobody had heard of for its timeout was ended; counted by every server. */
    default void expired() {}

    /** A session was closed by its client; counted by every server. */
    default void closed() {}

    /** So many sessions were renewed through this server. */
    default void keepAlives(int count) {}
}
