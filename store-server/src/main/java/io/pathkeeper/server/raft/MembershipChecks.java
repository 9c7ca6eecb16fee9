package io.pathkeeper.server.raft;

import io.pathkeeper.server.state.RejectReason;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.ratis.protocol.RaftPeer;
import org.jspecify.annotations.Nullable;

/** What a change of the members must not do. Everything here returns or throws {@link RefusedChangeException}; some of it waits. */
final class MembershipChecks {
    /** As many as a configuration may name. */
    static final int MOST_VOTERS = 9;

    static final int MOST_MEMBERS = 16;

    private final NodeSettings settings;
    private final MembershipLeader leader;

    MembershipChecks(NodeSettings settings, MembershipLeader leader) {
        this.settings = settings;
        this.leader = leader;
    }

    /** The member of this id. */
    RaftPeer member(Members members, String id) {
        return members.all().stream()
                .filter(peer -> peer.getId().toString().equals(id))
                .findFirst()
                .orElseThrow(() -> RefusedChangeException.of(
                        RejectReason.MEMBER_NOT_FOUND,
                        "there is no member " + id + ": there are "
                                + members.all().stream().map(RaftPeer::getId).toList(),
                        "member_id",
                        id));
    }

    void room(Members members) {
        if (members.voters().size() >= MOST_VOTERS || members.all().size() >= MOST_MEMBERS) {
            throw RefusedChangeException.of(
                    RejectReason.QUOTA_EXCEEDED,
                    "there are " + members.all().size() + " members: allowed are " + MOST_VOTERS + " voters and "
                            + MOST_MEMBERS + " members",
                    "limit",
                    Integer.toString(MOST_MEMBERS),
                    "actual",
                    Integer.toString(members.all().size()));
        }
    }

    /** Neither identity nor addresses are another member's. */
    void free(Members members, RaftPeer wanted, @Nullable RaftPeer inPlaceOf) {
        NodeSettings.Peer peer = Members.peer(wanted);
        for (RaftPeer other : members.all()) {
            if (inPlaceOf != null && other.getId().equals(inPlaceOf.getId())) {
                continue;
            }
            NodeSettings.Peer taken = Members.peer(other);
            Set<String> addresses = new HashSet<>(List.of(taken.raftAddress(), taken.clientAddress()));
            boolean address = addresses.contains(peer.raftAddress()) || addresses.contains(peer.clientAddress());
            if (taken.id().equals(peer.id()) || address) {
                throw RefusedChangeException.of(
                        RejectReason.MEMBER_EXISTS,
                        "member " + taken.id() + " has this "
                                + (address
                                        ? "address already (" + taken.raftAddress() + ", " + taken.clientAddress() + ")"
                                        : "id already")
                                + ": every server needs an id and two addresses of its own",
                        "member_id",
                        taken.id());
            }
        }
    }

    /** A server elsewhere must be able to reach those that are there: one that began alone may be known by a loopback address only. */
    void reachable(Members members, RaftPeer wanted) {
        resolves(wanted.getId().toString(), String.valueOf(wanted.getAddress()));
        if (isLocal(String.valueOf(wanted.getAddress()))) {
            return;
        }
        for (RaftPeer peer : members.voters()) {
            if (isLocal(String.valueOf(peer.getAddress()))) {
                throw RefusedChangeException.of(
                        RejectReason.MEMBER_MISMATCH,
                        "member " + peer.getId() + " is known at " + peer.getAddress() + ", where " + wanted.getId()
                                + " cannot reach it: give it an address that others can reach first, with UpdateMember"
                                + " (pathctl member replace " + peer.getId() + " --raft HOST:PORT --client HOST:PORT)",
                        "member_id",
                        peer.getId().toString(),
                        "address",
                        String.valueOf(peer.getAddress()));
            }
        }
    }

    private static boolean isLocal(String address) {
        return address.startsWith("127.")
                || address.startsWith("localhost:")
                || address.startsWith("[::1]")
                || address.startsWith("0.0.0.0:")
                || address.startsWith("[::]");
    }

    /** The server at these addresses is the one that it is said to be, and has nothing that this cluster did not give it. */
    void joins(RaftPeer wanted) {
        PeerProbe.Answer.Known answer = known(wanted);
        String id = answer.memberId();
        if (answer.isMember()) {
            throw mismatch(
                    wanted,
                    "server " + id + " at " + wanted.getAddress()
                            + " is a member of a cluster by its own data or configuration: stop it, empty its data directory"
                            + " and start it with --join");
        }
        if (!leader.mayHave(answer.lastTerm(), answer.lastIndex())) {
            throw mismatch(
                    wanted,
                    "server " + id + " at " + wanted.getAddress() + " has a log that is not this cluster's (entry "
                            + answer.lastIndex() + " of term " + answer.lastTerm()
                            + "): stop it, empty its data directory and start it with --join");
        }
    }

    /**
     * Looks at a member that has another address.
     *
     * @return whether it lost its data, too, so that it must not vote before it has everything again
     */
    boolean comesBackEmpty(Members members, RaftPeer before, RaftPeer wanted) {
        PeerProbe.Answer.Known there = known(wanted);
        if (PeerProbe.ask(settings, String.valueOf(before.getAddress()), PeerProbe.TIMEOUT_MILLIS)
                        instanceof PeerProbe.Answer.Known old
                && old.memberId().equals(there.memberId())
                && old.origin() != there.origin()) {
            throw RefusedChangeException.of(
                    RejectReason.MEMBER_EXISTS,
                    "member " + old.memberId() + " still answers at " + before.getAddress()
                            + ": stop one of the two servers with this id",
                    "member_id",
                    old.memberId(),
                    "address",
                    String.valueOf(before.getAddress()));
        }
        if (there.isMember() && there.lastIndex() >= 0) {
            return false;
        }
        joins(wanted);
        return true;
    }

    private PeerProbe.Answer.Known known(RaftPeer wanted) {
        String id = wanted.getId().toString();
        String address = String.valueOf(wanted.getAddress());
        resolves(id, address);
        resolves(id, String.valueOf(wanted.getClientAddress()));
        PeerProbe.Answer answer = PeerProbe.ask(settings, address, PeerProbe.TIMEOUT_MILLIS);
        if (answer instanceof PeerProbe.Answer.Silent silent) {
            throw RefusedChangeException.of(
                    RejectReason.MEMBER_UNREACHABLE,
                    "no server can be reached at " + address + " (" + silent.why() + "): start it with --join first",
                    "member_id",
                    id,
                    "address",
                    address);
        }
        if (answer instanceof PeerProbe.Answer.Refused refused) {
            throw mismatch(wanted, "the server at " + address + " does not belong here: " + refused.why());
        }
        PeerProbe.Answer.Known known = (PeerProbe.Answer.Known) answer;
        if (!known.memberId().equals(id)) {
            throw mismatch(
                    wanted,
                    "the server at " + address + " is " + known.memberId() + ", not " + id
                            + ": correct the id or the address");
        }
        return known;
    }

    private static RefusedChangeException mismatch(RaftPeer wanted, String message) {
        return RefusedChangeException.of(
                RejectReason.MEMBER_MISMATCH,
                message,
                "member_id",
                wanted.getId().toString(),
                "address",
                String.valueOf(wanted.getAddress()));
    }

    private static void resolves(String id, String address) {
        String host = address.substring(0, address.lastIndexOf(':'));
        try {
            InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw RefusedChangeException.of(
                    RejectReason.MEMBER_UNREACHABLE,
                    "the host name '" + host + "' of member " + id
                            + " does not resolve on the leader: correct it, or the name service",
                    "member_id",
                    id,
                    "address",
                    address);
        }
    }

    /** It answers now. */
    void answers(String id) {
        if (!leader.isHealthy(id)) {
            throw RefusedChangeException.of(
                    RejectReason.MEMBER_UNREACHABLE,
                    "member " + id + " does not answer (last heard of " + leader.contactMillis(id) + " ms ago)",
                    "member_id",
                    id);
        }
    }

    void highestPriority(Members members, RaftPeer target) {
        members.voters().stream()
                .filter(other -> other.getPriority() > target.getPriority())
                .findFirst()
                .ifPresent(other -> {
                    throw RefusedChangeException.of(
                            RejectReason.MEMBER_MISMATCH,
                            "member " + target.getId() + " has priority " + target.getPriority() + " and "
                                    + other.getId() + " has " + other.getPriority()
                                    + ": the highest leads; change the priorities first",
                            "member_id",
                            target.getId().toString());
                });
    }

    /** A voter more: those that answer now must be enough for the larger majority, so that the cluster may lose the new one at once. */
    void quorumWithOneMore(Members members, String id) {
        int size = members.voters().size() + 1;
        boolean first = size == 2; // the one voter that there is gets its second
        check(id, size, healthy(members.voters(), ""), first ? 1 : size / 2 + 1);
    }

    /** A voter less. */
    void quorumWithout(Members members, String id) {
        int size = members.voters().size() - 1;
        check(id, size, healthy(members.voters(), id), size / 2 + 1);
    }

    /** Another voter in the place of one: the others that answer must be a majority of the same number. */
    void quorumReplacing(Members members, String id) {
        int size = members.voters().size();
        if (size < 3) {
            throw RefusedChangeException.of(
                    RejectReason.QUORUM_AT_RISK,
                    "there are " + size
                            + " voters, too few to replace one of them in one step: add the new one, then remove " + id,
                    "member_id",
                    id,
                    "voters",
                    Integer.toString(size));
        }
        check(id, size, healthy(members.voters(), id), size / 2 + 1);
    }

    private void check(String id, int size, long healthy, int needed) {
        if (healthy < needed || size == 0) {
            throw RefusedChangeException.of(
                    RejectReason.QUORUM_AT_RISK,
                    size == 0
                            ? "member " + id + " is the last voter: the cluster would be gone"
                            : "there would be " + size + " voters, which need a majority of " + needed + ", and only "
                                    + healthy
                                    + " of those that stay answer now: bring servers back, or take out those that are gone, first",
                    "member_id",
                    id,
                    "voters",
                    Integer.toString(size),
                    "answering",
                    Long.toString(healthy),
                    "needed",
                    Integer.toString(needed));
        }
    }

    private long healthy(Collection<RaftPeer> voters, String left) {
        return voters.stream()
                .map(peer -> peer.getId().toString())
                .filter(id -> !id.equals(left))
                .filter(leader::isHealthy)
                .count();
    }
}
