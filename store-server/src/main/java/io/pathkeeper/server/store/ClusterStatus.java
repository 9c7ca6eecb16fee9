package io.pathkeeper.server.store;

import java.util.List;

/**
 * The cluster as one server sees it.
 *
 * @param clusterId identity of the cluster
 * @param memberId identity of this server
 * @param leaderId identity of the leader, empty while none is known
 * @param role part that this server plays
 * @param term Raft term
 * @param commitIndex log index known to be committed
 * @param appliedIndex log index applied
 * @param snapshotIndex log index of the newest snapshot, 0 for none
 * @param lastContactMillis time since the leader was heard, 0 on the leader, -1 when it never was
 * @param ready whether this server can answer linearizable reads and writes now (a leader is known)
 * @param members all members, listeners too
 */
public record ClusterStatus(
        String clusterId,
        String memberId,
        String leaderId,
        Role role,
        long term,
        long commitIndex,
        long appliedIndex,
        long snapshotIndex,
        long lastContactMillis,
        boolean ready,
        List<Member> members) {
    /** Part that a server plays. */
    public enum Role {
        LEADER,
        FOLLOWER,
        CANDIDATE,
        LISTENER,
        UNKNOWN
    }

    /**
     * A member; addresses are host:port.
     *
     * @param voter whether it votes and may lead
     * @param priority who is preferred as the leader, the highest
     * @param lag log entries that it does not have yet, -1 when not known: only the leader knows
     * @param lastContactMillis time since the leader heard of it, -1 when not known
     */
    public record Member(
            String id,
            String clientAddress,
            String raftAddress,
            Role role,
            boolean voter,
            int priority,
            long lag,
            long lastContactMillis) {}
}
