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
record SentBatch(long term, long firstSequence, Pending[] commands, long sentNanos, byte[] bytes) {}
