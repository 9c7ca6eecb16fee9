package io.pathkeeper.server;

import io.pathkeeper.server.metrics.MeterNames;
import io.pathkeeper.server.metrics.ServerMeters;
import io.pathkeeper.server.raft.RatisNode;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Values for each other member, as the members come and go. Under its own monitor. */
final class PeerGauges {
    private static final String LABEL = "peer";
    private static final List<String> NAMES =
            List.of(MeterNames.RAFT_FOLLOWER_LAG, MeterNames.RAFT_PEER_RTT, MeterNames.RAFT_HEARTBEAT_FAILURES);

    private final ServerMeters meters;
    private final RatisNode node;
    private final Set<String> present = new HashSet<>();

    PeerGauges(ServerMeters meters, RatisNode node) {
        this.meters = meters;
        this.node = node;
    }

    /** There are these other members now. */
    synchronized void follow(Collection<String> others) {
        for (String gone : Set.copyOf(present)) {
            if (!others.contains(gone)) {
                NAMES.forEach(name -> meters.remove(name, LABEL, gone));
                present.remove(gone);
            }
        }
        for (String peer : others) {
            if (present.add(peer)) {
                meters.gauge(
                        MeterNames.RAFT_FOLLOWER_LAG,
                        "Log entries that a follower is behind; 0 on servers that do not lead",
                        LABEL,
                        peer,
                        () -> node.followerLag(peer));
                meters.gauge(
                        MeterNames.RAFT_PEER_RTT,
                        "Time of the newest answer of a server to the question that confirms this one's leadership",
                        LABEL,
                        peer,
                        () -> node.peerRttSeconds(peer));
                meters.count(
                        MeterNames.RAFT_HEARTBEAT_FAILURES,
                        "Questions that confirm this server's leadership and that a server did not answer",
                        LABEL,
                        peer,
                        () -> node.peerFailures(peer));
            }
        }
    }
}
