package io.pathkeeper.server.metrics;

/** What observations report. Any thread; call with counts for a frame, not for each event. */
public interface ObserveMeters {
    /** Reports nothing. For tests. */
    ObserveMeters NONE = new ObserveMeters() {};

    /** Why an observer had to start again. */
    enum ResetCause {
        HISTORY,
        RESTORE,
        SNAPSHOT
    }

    /** An observation with so many targets was opened. */
    default void opened(int targets) {}

    /** An observation with so many targets ended. */
    default void closed(int targets) {}

    /**
     * So many events were handed to the transport, the oldest of them so long after it was published; a negative time is not
     * known, as for events of long ago that an observer asked for, and not counted.
     */
    default void sent(int events, long lagNanos) {}

    /** An observer was found to be slow: the transport does not take more. */
    default void slow() {}

    /** An observer was told to start again. */
    default void reset(ResetCause cause) {}
}
