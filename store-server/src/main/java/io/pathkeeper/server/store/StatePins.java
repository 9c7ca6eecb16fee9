package io.pathkeeper.server.store;

import io.pathkeeper.server.state.PinnedState;

/** Gives out the whole state as it is at one moment. Any thread. */
public interface StatePins {
    /**
     * A state and where the log was.
     *
     * @param state everything that was applied, and nothing else
     * @param term Raft term of the last applied entry
     * @param index log index of the last applied entry
     */
    record Pin(PinnedState state, long term, long index) {}

    /** The state of now; never older than a view that was seen before. Waits for the entry that is being applied, if there is one. */
    Pin pin();
}
