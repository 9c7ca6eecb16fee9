package io.pathkeeper.server.store;

import java.util.function.LongConsumer;

/** Confirms that this server leads. Port of the store; Raft stands behind it. */
public interface Leadership {
    /**
     * Asks a majority, behind this call, whether this server still leads. Never blocks; exactly one callback runs, on any thread.
     *
     * @param index gets the log index that was committed when the round began
     * @param failed this server does not lead, or could not find out in time
     */
    void confirm(LongConsumer index, Runnable failed);
}
