package io.pathkeeper.server.raft;

import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.server.store.StoreFailure.Outcome;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.LeaderElectionManagementRequest;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.ReconfigurationInProgressException;
import org.apache.ratis.protocol.exceptions.ReconfigurationTimeoutException;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The members as Ratis's log has them, and what this server does when they change. The configuration's list of members is where a new cluster
 * begins; behind that only the log counts.
 *
 * <p>{@link #follow} belongs to the scheduler thread, {@link #set} and {@link #handOver} wait; the rest is for any thread.
 */
final class RatisMembers implements MembershipLeader, Members.Progress {
    private static final Logger LOG = LoggerFactory.getLogger(RatisMembers.class);

    private final NodeSettings settings;
    private final RaftServer.Division division;
    private final FollowerAppenders appenders;
    private final Proxies proxies;
    private final Leading leading;
    private final BooleanSupplier voteIsWithheld;
    private final Consumer<List<String>> told;
    private final ClientId clientId = ClientId.randomId();
    private final AtomicLong callId = new AtomicLong();
    private volatile @Nullable Known known;
    private volatile boolean inside;
    private boolean wasInside;
    private boolean paused;
    private long outsideSince;
    private long seenIndex = -1;
    private List<String> seen = List.of();

    /** Whether this server leads and is ready. */
    interface Leading {
        boolean leads();
    }

    /** A configuration as it was read. */
    private record Known(RaftConfiguration configuration, Members members) {}

    /**
     * Begins with what the log has.
     *
     * @param told gets the identities of the members whenever they have changed, on the scheduler thread
     * @param voteIsWithheld whether this server may not stand for election now
     */
    RatisMembers(
            NodeSettings settings,
            RaftServer.Division division,
            FollowerAppenders appenders,
            Leading leading,
            Consumer<List<String>> told,
            BooleanSupplier voteIsWithheld) {
        this.told = told;
        this.voteIsWithheld = voteIsWithheld;
        this.settings = settings;
        this.division = division;
        this.appenders = appenders;
        this.proxies = new Proxies(division.getRaftServer().getServerRpc());
        this.leading = leading;
        look(members());
    }

    @Override
    public Members members() {
        RaftConfiguration now = division.getRaftConf();
        Known last = known;
        if (last == null || last.configuration() != now) {
            last = new Known(now, Members.of(now));
            known = last;
        }
        return last.members();
    }

    /** The members for those who ask. One that is alone tells of the addresses that it has now: its clients know no others. */
    Members shown() {
        Members now = members();
        if (now.all().size() != 1
                || !now.isVoter(settings.memberId())
                || settings.peers().size() != 1) {
            return now;
        }
        NodeSettings.Peer self = settings.peers().get(0);
        RaftPeer peer = RaftPeer.newBuilder(now.voters().get(0))
                .setAddress(self.raftAddress())
                .setClientAddress(self.clientAddress())
                .build();
        return new Members(List.of(peer), List.of(), List.of(), List.of(), now.index());
    }

    /** Whether this server belongs to the cluster: only then it serves more than what it has. */
    boolean isInside() {
        return inside;
    }

    /**
     * Does what a change of the members asks for. Called several times a second.
     *
     * @return whether this server was put out of the cluster
     */
    boolean follow(PeerLinks links) {
        Members now = members();
        look(now);
        links.follow(now.peers());
        proxies.follow(now.all());
        if (now.index() >= 0 && now.index() != seenIndex && !now.isChanging()) {
            seenIndex = now.index();
            List<String> kept = now.peers().stream()
                    .map(NodeSettings.Peer::toString)
                    .sorted()
                    .toList();
            if (!kept.equals(seen)) {
                seen = kept;
                compare(now, kept);
                told.accept(now.peers().stream().map(NodeSettings.Peer::id).toList());
            }
        }
        holdElections(now);
        return isPutOut(now);
    }

    private void look(Members now) {
        inside = now.isKnown() && now.contains(settings.memberId());
    }

    /** A configuration that names others than the log is worth a line: the log counts. */
    private void compare(Members now, List<String> kept) {
        List<String> written = settings.peers().stream()
                .map(NodeSettings.Peer::toString)
                .sorted()
                .toList();
        LOG.atInfo().addKeyValue("members", now.all()).log("the members are known");
        boolean alone = written.size() == 1; // it was given no list
        if (!written.isEmpty() && !alone && !written.equals(kept)) {
            LOG.atWarn()
                    .addKeyValue("configured", written)
                    .addKeyValue("members", kept)
                    .log(
                            "cluster.members differs from the members that the log has; the log counts, the list is for the first"
                                    + " start of a cluster");
        }
    }

    /**
     * Ratis gives a server the role of a listener at its start only. One that becomes a listener later would stand for election when its
     * leader is gone, and end itself for not being allowed to. Nor does one stand whose vote is withheld.
     */
    private void holdElections(Members now) {
        boolean listener = now.isListener(settings.memberId())
                && !now.isVoter(settings.memberId())
                && division.getInfo().getCurrentRole() != RaftPeerRole.LISTENER;
        boolean held = listener || voteIsWithheld.getAsBoolean();
        if (held == paused || division.getInfo().getLifeCycleState() != LifeCycle.State.RUNNING) {
            return;
        }
        long id = callId.incrementAndGet();
        LeaderElectionManagementRequest request = held
                ? LeaderElectionManagementRequest.newPause(
                        clientId, division.getId(), division.getMemberId().getGroupId(), id)
                : LeaderElectionManagementRequest.newResume(
                        clientId, division.getId(), division.getMemberId().getGroupId(), id);
        paused = held;
        division.getRaftServer().leaderElectionManagementAsync(request).exceptionally(error -> {
            LOG.atWarn().addKeyValue("cause", error.toString()).log("elections could not be held or let go");
            return null;
        });
    }

    /** Whether the newest configuration names others, and not this server. */
    boolean isOutside() {
        Members now = members();
        return now.isKnown() && !now.isVoter(settings.memberId()) && !now.isListener(settings.memberId());
    }

    /** A change that puts this server out can still be taken back while it is not committed, so it has to last. */
    private boolean isPutOut(Members now) {
        if (!isOutside()) {
            wasInside |= now.isKnown();
            outsideSince = 0;
            return false;
        }
        if (!wasInside && !now.contains(settings.memberId())) {
            return false; // waits to join
        }
        long time = System.nanoTime();
        if (outsideSince == 0) {
            outsideSince = time;
        }
        return time - outsideSince > 3 * settings.electionTimeoutMax().toNanos();
    }

    @Override
    public boolean leads() {
        return leading.leads();
    }

    @Override
    public boolean isSelf(String id) {
        return id.equals(settings.memberId());
    }

    @Override
    public long lag(String id) {
        if (isSelf(id)) {
            return 0;
        }
        TermIndex last = division.getRaftLog().getLastEntryTermIndex();
        return last == null ? -1 : appenders.knownLag(id, last.getIndex());
    }

    @Override
    public long contactMillis(String id) {
        return isSelf(id) ? 0 : appenders.contactMillis(id);
    }

    @Override
    public boolean isHealthy(String id) {
        long contact = contactMillis(id);
        return contact >= 0
                && contact
                        <= settings.electionTimeoutMax()
                                .plus(settings.electionTimeoutMin())
                                .toMillis();
    }

    @Override
    public boolean mayHave(long term, long index) {
        if (index < 0) {
            return true;
        }
        RaftLog log = division.getRaftLog();
        if (index >= log.getNextIndex()) {
            return false;
        }
        TermIndex own = log.getTermIndex(index);
        return own == null || own.getTerm() == term;
    }

    /** Who this server is, for those who ask. */
    PeerProbe.Answer.Known who(long origin, @Nullable TermIndex applied) {
        TermIndex last = division.getRaftLog().getLastEntryTermIndex();
        TermIndex newest = last == null ? applied : last;
        Members now = members();
        return new PeerProbe.Answer.Known(
                settings.memberId(),
                origin,
                now.isKnown() && now.contains(settings.memberId()),
                newest == null ? 0 : Math.max(0, newest.getTerm()),
                newest == null ? -1 : newest.getIndex());
    }

    @Override
    public void expect(RaftPeer peer) {
        proxies.follow(List.of(peer));
    }

    @Override
    public ChangeEnd set(List<RaftPeer> voters, List<RaftPeer> listeners, long deadlineNanos) {
        Members now = members();
        SetConfigurationRequest request = new SetConfigurationRequest(
                clientId,
                division.getId(),
                division.getMemberId().getGroupId(),
                callId.incrementAndGet(),
                SetConfigurationRequest.Arguments.newBuilder()
                        .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                        .setServersInCurrentConf(now.voters())
                        .setListenersInCurrentConf(now.listeners())
                        .setServersInNewConf(voters)
                        .setListenersInNewConf(listeners)
                        .build());
        boolean refusedAtOnce = true;
        try {
            CompletableFuture<RaftClientReply> future = division.getRaftServer().setConfigurationAsync(request);
            refusedAtOnce = future.isDone();
            RaftClientReply reply = future.get(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
            return reply.isSuccess() ? new ChangeEnd.Done() : end(reply.getException(), refusedAtOnce);
        } catch (ExecutionException e) {
            return end(e.getCause(), refusedAtOnce);
        } catch (IOException e) {
            return end(e, true);
        } catch (TimeoutException e) {
            return failed(
                    RejectReason.DEADLINE,
                    "the change is still under way, and goes on: look at the members with ListMembers",
                    Outcome.UNKNOWN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed(RejectReason.SHUTTING_DOWN, "this server is stopping", Outcome.UNKNOWN);
        }
    }

    private static ChangeEnd end(@Nullable Throwable wrapped, boolean atOnce) {
        Throwable error = wrapped;
        while (error instanceof java.util.concurrent.CompletionException && error.getCause() != null) {
            error = error.getCause();
        }
        if (error instanceof ReconfigurationInProgressException) {
            return new ChangeEnd.Rejected(Rejection.of(
                    RejectReason.MEMBERSHIP_BUSY, "another change of the members is under way: try again"));
        }
        if (error instanceof ReconfigurationTimeoutException) {
            return new ChangeEnd.Rejected(
                    Rejection.of(
                            RejectReason.MEMBER_UNREACHABLE,
                            "the new server did not catch up, since it did not answer for "
                                    + RaftSettings.STAGING_TIMEOUT.toSeconds()
                                    + " s; nothing was changed: look at its log, and whether the leader reaches its Raft address"));
        }
        if (error instanceof NotLeaderException
                || error instanceof LeaderNotReadyException
                || error instanceof LeaderSteppingDownException) {
            return atOnce
                    ? new ChangeEnd.Elsewhere()
                    : failed(
                            RejectReason.OUTCOME_UNKNOWN,
                            "the leader changed while the members were changed: look at them with ListMembers",
                            Outcome.UNKNOWN);
        }
        return failed(RejectReason.INTERNAL, "the members could not be changed: " + error, Outcome.UNKNOWN);
    }

    private static ChangeEnd failed(RejectReason reason, String message, Outcome outcome) {
        return new ChangeEnd.Failed(new StoreFailure(Rejection.of(reason, message), outcome));
    }

    @Override
    public String handOver(String id) {
        LeadershipTransfer transfer = new LeadershipTransfer(division, this::lag, any -> true);
        try {
            return transfer.handOver(id, settings.electionTimeoutMax());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "this server is stopping";
        }
    }
}
