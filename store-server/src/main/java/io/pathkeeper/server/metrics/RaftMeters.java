package io.pathkeeper.server.metrics;

/** What the Raft side reports. Any thread; cheap enough for every entry, not for every command: counts come in batches. */
public interface RaftMeters {
    /** Reports nothing. For tests. */
    RaftMeters NONE = new RaftMeters() {};

    /** An entry with so many commands of so many encoded bytes was handed to the log on this leader. */
    default void appended(int commands, long bytes) {}

    /** So many commands of this server's callers were applied and answered. */
    default void applied(int commands) {}

    /** So many commands of this server's callers failed: no leader, overload, deadline, stop. */
    default void failed(int commands) {}

    /** A command of one of this server's callers was refused for lack of disk space; it counts as failed, too. */
    default void refusedForSpace() {}

    /** A command of one of this server's callers was refused as the store is full; it counts as failed, too. */
    default void refusedForMemory() {}

    /** So many commands were sent on to the leader. */
    default void forwarded(int commands) {}

    /** A commit was made durable in so many nanoseconds. */
    default void fsyncNanos(long nanos) {}

    /** A round of leadership confirmation for linearizable reads took so long. */
    default void readRoundNanos(long nanos) {}

    /** Another leader became known. */
    default void leaderChanged() {}

    /** This server has stood for election because the leader had ended, without waiting for an election timeout. */
    default void stoodAtOnce() {}

    /** A snapshot was written. */
    default void snapshotSaved(long nanos, long bytes, long revision) {}

    /** A snapshot of another server was installed. */
    default void snapshotInstalled(long nanos) {}

    /** The digest of this server's tree differs from the leader's: the server is about to stop. */
    default void digestMismatch() {}
}
