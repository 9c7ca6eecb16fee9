package io.pathkeeper.server.state;

/**
 * The two clocks of the state as an entry of the log carries them, stamped by the leader. Neither goes back: an older stamp
 * counts as the newest one that was seen.
 *
 * @param wallMillis milliseconds since 1970, for people; nothing is decided by it
 * @param clusterMillis milliseconds that the cluster has had a leader, the time of all deadlines
 */
public record EntryClock(long wallMillis, long clusterMillis) {}
