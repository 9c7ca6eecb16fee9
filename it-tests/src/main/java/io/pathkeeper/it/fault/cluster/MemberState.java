package io.pathkeeper.it.fault.cluster;

/**
 * What a server says of itself.
 *
 * @param leader name of the leader that it knows, or empty
 * @param term of the log
 * @param revision of its state
 * @param digest of its state at that revision
 * @param appliedIndex last index of the log that is applied
 * @param commitIndex last index known to be committed
 * @param snapshotIndex of the newest snapshot
 * @param ready whether it answers linearizable calls
 */
public record MemberState(
        String leader,
        long term,
        long revision,
        long digest,
        long appliedIndex,
        long commitIndex,
        long snapshotIndex,
        boolean ready) {}
