package io.pathkeeper.server.raft;

import io.pathkeeper.server.store.ClusterStatus;
import io.pathkeeper.server.store.ClusterStatus.Role;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftConfiguration;

/**
 * Who belongs to the cluster by one configuration of Ratis. While that changes there are two sets of voters, and a change needs a majority of
 * both. Immutable.
 *
 * @param voters who votes behind the change, or now
 * @param listeners who follows without a vote
 * @param earlier who voted before the change; empty when there is none under way
 * @param earlierListeners likewise
 * @param index log index of the configuration, -1 before there is one
 */
record Members(
        List<RaftPeer> voters,
        List<RaftPeer> listeners,
        List<RaftPeer> earlier,
        List<RaftPeer> earlierListeners,
        long index) {
    static Members of(RaftConfiguration configuration) {
        return new Members(
                List.copyOf(configuration.getCurrentPeers()),
                List.copyOf(configuration.getCurrentPeers(RaftPeerRole.LISTENER)),
                List.copyOf(configuration.getPreviousPeers()),
                List.copyOf(configuration.getPreviousPeers(RaftPeerRole.LISTENER)),
                configuration.getLogEntryIndex());
    }

    /** Everybody, those on their way out too; nobody twice. */
    List<RaftPeer> all() {
        List<RaftPeer> all = new ArrayList<>();
        Set<RaftPeerId> seen = new HashSet<>();
        for (List<RaftPeer> part : List.of(voters, listeners, earlier, earlierListeners)) {
            part.stream().filter(peer -> seen.add(peer.getId())).forEach(all::add);
        }
        return all;
    }

    /** Whether a change is under way. */
    boolean isChanging() {
        return !earlier.isEmpty();
    }

    /** Whether there is a configuration that names voters. */
    boolean isKnown() {
        return !voters.isEmpty();
    }

    boolean isVoter(String id) {
        return has(voters, id);
    }

    boolean isListener(String id) {
        return has(listeners, id);
    }

    /** Whether it belongs to the cluster, or does until the change that is under way is done. */
    boolean contains(String id) {
        return isVoter(id) || isListener(id) || has(earlier, id) || has(earlierListeners, id);
    }

    private static boolean has(Collection<RaftPeer> peers, String id) {
        return peers.stream().anyMatch(peer -> peer.getId().toString().equals(id));
    }

    /** Sets of voters; each needs a majority. */
    List<Set<String>> voterSets() {
        return earlier.isEmpty() ? List.of(ids(voters)) : List.of(ids(voters), ids(earlier));
    }

    private static Set<String> ids(Collection<RaftPeer> peers) {
        return peers.stream().map(peer -> peer.getId().toString()).collect(Collectors.toSet());
    }

    List<NodeSettings.Peer> peers() {
        return all().stream().map(Members::peer).toList();
    }

    static NodeSettings.Peer peer(RaftPeer peer) {
        return new NodeSettings.Peer(
                peer.getId().toString(), String.valueOf(peer.getAddress()), String.valueOf(peer.getClientAddress()));
    }

    /**
     * As the cluster's status has them, in the order of their ids.
     *
     * @param leader empty when none is known
     * @param progress of the followers, where this server leads
     */
    List<ClusterStatus.Member> status(String leader, Progress progress) {
        return all().stream()
                .map(peer -> {
                    String id = peer.getId().toString();
                    NodeSettings.Peer known = peer(peer);
                    return new ClusterStatus.Member(
                            id,
                            known.clientAddress(),
                            known.raftAddress(),
                            role(id, leader),
                            !isListener(id),
                            peer.getPriority(),
                            progress.lag(id),
                            progress.contactMillis(id));
                })
                .sorted(java.util.Comparator.comparing(ClusterStatus.Member::id))
                .toList();
    }

    private Role role(String id, String leader) {
        if (isListener(id)) {
            return Role.LISTENER;
        }
        if (leader.isEmpty()) {
            return Role.UNKNOWN;
        }
        return id.equals(leader) ? Role.LEADER : Role.FOLLOWER;
    }

    /** What a leader knows of a member; -1 for nothing. */
    interface Progress {
        /** Entries that it does not have yet. */
        long lag(String id);

        /** Milliseconds since it answered. */
        long contactMillis(String id);

        /** Of a server that does not lead. */
        Progress UNKNOWN = new Progress() {
            @Override
            public long lag(String id) {
                return -1;
            }

            @Override
            public long contactMillis(String id) {
                return -1;
            }
        };
    }
}
