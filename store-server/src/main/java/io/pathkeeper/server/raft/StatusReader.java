package io.pathkeeper.server.raft;

import io.pathkeeper.server.store.ClusterStatus;
import java.util.List;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;

/** Reads what Ratis knows of the cluster, as the store shows it. Stateless. */
final class StatusReader {
    /** Election timeouts without a word of the leader behind which a listener counts it as gone. */
    private static final int SILENT = 3;

    private StatusReader() {}

    /** Before the log is there. */
    static ClusterStatus unknown(NodeSettings settings) {
        return new ClusterStatus(
                settings.clusterId(),
                settings.memberId(),
                "",
                ClusterStatus.Role.UNKNOWN,
                0,
                0,
                0,
                0,
                -1,
                false,
                List.of());
    }

    /**
     * Reads the facts.
     *
     * @param leads whether this server leads and is ready
     * @param reaches whether commands have a way to the leader
     */
    static ClusterStatus read(
            NodeSettings settings,
            RaftServer.Division known,
            RatisStateMachine applied,
            RatisMembers present,
            boolean leads,
            boolean reaches) {
        DivisionInfo info = known.getInfo();
        RaftPeerId leaderId = info.getLeaderId();
        String leader = leaderId == null ? "" : leaderId.toString();
        ClusterStatus.Role role = switch (info.getCurrentRole()) {
            case LEADER -> ClusterStatus.Role.LEADER;
            case FOLLOWER -> ClusterStatus.Role.FOLLOWER;
            case CANDIDATE -> ClusterStatus.Role.CANDIDATE;
            case LISTENER -> ClusterStatus.Role.LISTENER;
            default -> ClusterStatus.Role.UNKNOWN;
        };
        if (present.members().isListener(settings.memberId())) {
            role = ClusterStatus.Role.LISTENER;
        }
        long contact = lastContactMillis(info, role);
        boolean silent =
                contact < 0 || contact > SILENT * settings.electionTimeoutMax().toMillis();
        if (role == ClusterStatus.Role.LISTENER && silent) {
            leader = ""; // a listener does not look for another one by itself
        }
        var snapshot = applied.getLatestSnapshot();
        return new ClusterStatus(
                settings.clusterId(),
                settings.memberId(),
                leader,
                role,
                info.getCurrentTerm(),
                Math.max(0, known.getRaftLog().getLastCommittedIndex()),
                Math.max(0, applied.appliedIndex()),
                snapshot == null ? 0 : snapshot.getIndex(),
                contact,
                !leader.isEmpty() && reaches,
                present.shown().status(leader, leads ? present : Members.Progress.UNKNOWN));
    }

    private static long lastContactMillis(DivisionInfo info, ClusterStatus.Role role) {
        if (role == ClusterStatus.Role.LEADER) {
            return 0;
        }
        var roles = info.getRoleInfoProto();
        return roles.hasFollowerInfo() ? roles.getFollowerInfo().getLeaderInfo().getLastRpcElapsedTimeMs() : -1;
    }
}
