package io.pathkeeper.server.raft;

import io.pathkeeper.server.config.Address;
import io.pathkeeper.server.metrics.RaftMeters;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.util.ProtoUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has this server stand for election before its election timeout is over: Ratis is told what a leader tells it that hands its leadership over.
 * Any thread.
 */
final class OwnElection implements LostLeader.Local {
    private static final Logger LOG = LoggerFactory.getLogger(OwnElection.class);
    private static final int CONNECT_MILLIS = 200;

    private final NodeSettings settings;
    private final Supplier<RaftServer.@Nullable Division> division;
    private final Supplier<List<Set<String>>> voterSets;
    private final BooleanSupplier voteIsWithheld;
    private final PeerLinks links;
    private final RaftMeters meters;

    OwnElection(
            NodeSettings settings,
            Supplier<RaftServer.@Nullable Division> division,
            Supplier<List<Set<String>>> voterSets,
            BooleanSupplier voteIsWithheld,
            PeerLinks links,
            RaftMeters meters) {
        this.settings = settings;
        this.division = division;
        this.voterSets = voterSets;
        this.voteIsWithheld = voteIsWithheld;
        this.links = links;
        this.meters = meters;
    }

    @Override
    public String memberId() {
        return settings.memberId();
    }

    @Override
    public LostLeader.@Nullable Following following() {
        RaftServer.Division known = division.get();
        if (known == null || voteIsWithheld.getAsBoolean()) {
            return null;
        }
        DivisionInfo info = known.getInfo();
        RaftPeerId leader = info.getLeaderId();
        return leader == null || !info.isFollower()
                ? null
                : new LostLeader.Following(leader.toString(), info.getCurrentTerm());
    }

    @Override
    public List<Set<String>> voterSets() {
        return voterSets.get();
    }

    /** All addresses of its name are tried, {@link #CONNECT_MILLIS} each; one that accepts is enough. */
    @Override
    public boolean isReachable(String member) {
        PeerLink link = links.get(member);
        if (link == null) {
            return false;
        }
        Address address = Address.parse(link.address());
        try {
            for (InetAddress one : InetAddress.getAllByName(address.host())) {
                if (accepts(new InetSocketAddress(one, address.port()))) {
                    return true;
                }
            }
        } catch (IOException e) {
            LOG.atDebug().addKeyValue("cause", e.toString()).log("the name of the lost leader has no address any more");
        }
        return false;
    }

    private static boolean accepts(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            LOG.atDebug().addKeyValue("cause", e.toString()).log("the lost leader accepts no connection");
            return false;
        }
    }

    @Override
    public LostLeader.@Nullable Report report(long term) {
        RaftServer.Division known = division.get();
        TermIndex last = known == null ? null : known.getRaftLog().getLastEntryTermIndex();
        return last == null || last.getTerm() != term
                ? null
                : new LostLeader.Report(term, last.getTerm(), last.getIndex());
    }

    @Override
    public void tell(String member, LostLeader.Report report) {
        PeerLink link = links.get(member);
        if (link != null) {
            link.tellLost(report);
        }
    }

    @Override
    public boolean stand(LostLeader.Following lost, LostLeader.Report own) {
        RaftServer.Division known = division.get();
        if (known == null) {
            return false;
        }
        StartLeaderElectionRequestProto request = StartLeaderElectionRequestProto.newBuilder()
                .setServerRequest(RaftRpcRequestProto.newBuilder()
                        .setRequestorId(RaftPeerId.valueOf(lost.leader()).toByteString())
                        .setReplyId(known.getId().toByteString())
                        .setRaftGroupId(ProtoUtils.toRaftGroupIdProtoBuilder(
                                known.getMemberId().getGroupId())))
                .setLeaderLastEntry(
                        TermIndexProto.newBuilder().setTerm(own.lastTerm()).setIndex(own.lastIndex()))
                .build();
        try {
            boolean standing = known.getRaftServer()
                    .startLeaderElection(request)
                    .getServerReply()
                    .getSuccess();
            if (standing) {
                meters.stoodAtOnce();
            }
            return standing;
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("cause", e.toString())
                    .log("no election could be begun for the leader that has ended");
            return false;
        }
    }
}
