package io.pathkeeper.server.raft;

/**
 * Commands of this server that were put into an entry, or sent to the leader, in one term.
 *
 * @param term the term in which they were sent: they are applied in it or never
 * @param firstSequence sequence of the first command
 * @param commands the commands
 * @param sentNanos when they left the queue, by {@link System#nanoTime()}
 * @param bytes their encoding with lengths, kept until they are applied so that it can be sent again
 */
record SentBatch(long term, long firstSequence, Pending[] commands, long sentNanos, byte[] bytes) {
    private static final int FEW = 4;

    /** Whether the callers are few, and told in a moment. */
    boolean isBrief() {
        if (commands.length > FEW) {
            return false;
        }
        for (Pending pending : commands) {
            if (!pending.isBrief()) {
                return false;
            }
        }
        return true;
    }
}
