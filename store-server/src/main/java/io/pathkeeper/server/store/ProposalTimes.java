package io.pathkeeper.server.store;

/**
 * When a proposal that was applied passed the places on its way, as this server saw it; by {@link System#nanoTime()}.
 *
 * @param sentNanos it left the queue of this server: into its log on the leader, to the leader elsewhere
 * @param committedNanos its entry was committed and the apply thread took it
 * @param appliedNanos the apply thread was done with the entry
 * @param syncNanos how much of the time from the first to the second this server's disk spent in fsyncs that took long
 */
public record ProposalTimes(long sentNanos, long committedNanos, long appliedNanos, long syncNanos) {}
