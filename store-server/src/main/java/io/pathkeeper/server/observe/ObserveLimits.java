package io.pathkeeper.server.observe;

/**
 * Limits of the observers of one server.
 *
 * @param maxStreams observations at a time; more are refused with OVERLOADED
 * @param pendingEvents events that wait for one observer; beyond it they are dropped and read from the history again
 * @param pendingBytes estimated size of the events that wait for one observer
 * @param frameBytes size of the events in one frame; a larger revision comes in fragments
 * @param existingBytes size of the znodes in one frame of the initial state (one larger znode has a frame for itself)
 * @param concurrentScans initial states that one loop sends at a time; others wait for their turn without holding anything
 * @param scanStallMillis an observer that takes no frame of its initial state for so long loses its turn when others wait
 * @param scanGiveUpMillis an observer that takes no frame of its initial state for so long is ended: it holds an old tree
 * @param loops threads
 */
public record ObserveLimits(
        int maxStreams,
        int pendingEvents,
        long pendingBytes,
        int frameBytes,
        int existingBytes,
        int concurrentScans,
        long scanStallMillis,
        long scanGiveUpMillis,
        int loops) {
    /** 10,000 observers; 1,000 events or 4 MiB pending; 1 MiB a frame; two threads. */
    public static final ObserveLimits DEFAULT =
            new ObserveLimits(10_000, 1_000, 4L << 20, 1 << 20, 64 << 10, 32, 10_000, 60_000, 2);

    /** The same with another number of observations. */
    public ObserveLimits withMaxStreams(int newMaxStreams) {
        return new ObserveLimits(
                newMaxStreams,
                pendingEvents,
                pendingBytes,
                frameBytes,
                existingBytes,
                concurrentScans,
                scanStallMillis,
                scanGiveUpMillis,
                loops);
    }

    /** Refuses limits that make no sense. */
    public ObserveLimits {
        if (maxStreams < 1
                || pendingEvents < 1
                || pendingBytes < 1
                || frameBytes < 1
                || existingBytes < 1
                || concurrentScans < 1
                || scanStallMillis < 1
                || scanGiveUpMillis < scanStallMillis
                || loops < 1) {
            throw new IllegalArgumentException("limits of observers must be above 0, and scanGiveUpMillis "
                    + scanGiveUpMillis + " not below scanStallMillis " + scanStallMillis);
        }
    }
}
