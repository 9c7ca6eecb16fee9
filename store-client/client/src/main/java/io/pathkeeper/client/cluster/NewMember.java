package io.pathkeeper.client.cluster;

import java.util.Objects;

/**
 * A server that is to belong to the cluster. It runs already, started to join.
 *
 * @param memberId its identity, {@code member.id} of its configuration
 * @param raftAddress where the other servers reach it, {@code host:port}; host names are looked up anew for every connection
 * @param clientAddress where clients reach it, {@code host:port}
 * @param voter whether it votes and may lead; a listener follows without
 * @param priority who is preferred as the leader, the highest, 0 to 100
 */
public record NewMember(String memberId, String raftAddress, String clientAddress, boolean voter, int priority) {
    /** Checks that nothing is null. */
    public NewMember {
        Objects.requireNonNull(memberId, "memberId");
        Objects.requireNonNull(raftAddress, "raftAddress");
        Objects.requireNonNull(clientAddress, "clientAddress");
    }

    /** A voter of priority 0. */
    public static NewMember voter(String memberId, String raftAddress, String clientAddress) {
        return new NewMember(memberId, raftAddress, clientAddress, true, 0);
    }

    /** A listener of priority 0. */
    public static NewMember listener(String memberId, String raftAddress, String clientAddress) {
        return new NewMember(memberId, raftAddress, clientAddress, false, 0);
    }
}
