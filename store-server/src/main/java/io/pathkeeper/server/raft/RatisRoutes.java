package io.pathkeeper.server.raft;

import io.pathkeeper.server.disk.SpaceLevel;
import io.pathkeeper.server.metrics.RaftMeters;
import io.pathkeeper.server.raft.RatisProposer.Route;
import io.pathkeeper.server.store.ClusterAlarms;
import io.pathkeeper.server.store.ClusterStatus;
import io.pathkeeper.server.store.MembershipChange;
import io.pathkeeper.server.store.SessionTimer;
import io.pathkeeper.server.store.StoreUse;
import io.pathkeeper.server.tree.TreeView;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ways out of this server: into its own log while it leads, over the link to the leader otherwise; and what Ratis knows of
 * the cluster. Before {@link #attach} and behind {@link #stopping} there is no way.
 *
 * <p>{@code append} and {@code forward} belong to who has the proposer's turn; everything else is for any thread.
 */
final class RatisRoutes implements RatisProposer.Outlet, PeerService.Local, LeadershipRounds.Local, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RatisRoutes.class);
    private static final Route NOWHERE = new Route(Route.Kind.NONE, 0, "");
    private static final long STATUS_NANOS = 5_000_000;
    private static final long SPACE_PAUSE_NANOS = 10_000_000;
    private static final long SNAPSHOT_TIMEOUT_MILLIS = 3_000;
    /** Ratis says why it has stopped a moment behind the stop. */
    private static final int CLOSED_TICKS = 3;
    /** The stop itself takes a second. */
    private static final int CLOSING_TICKS = 30;

    private final NodeSettings settings;
    private final ClusterClock clock;
    private final SessionTimer sessions;
    private final RaftMeters meters;
    private final FatalHandler fatal;
    private final ForwardedBatches forwarded = new ForwardedBatches();
    private final FollowerAppenders appenders = new FollowerAppenders();
    private final LeadershipRounds rounds;
    private final ClusterSpace space;
    private final ClusterUse use;
    private final PeerLinks links;
    private final ClientId clientId = ClientId.randomId();
    private final AtomicLong callId = new AtomicLong();
    private final OwnLog log;
    private volatile RaftServer.@Nullable Division division;
    private volatile @Nullable RatisStateMachine machine;
    private volatile @Nullable RatisProposer proposer;
    private volatile @Nullable RatisMembers members;
    private volatile @Nullable RatisMembership membership;
    private final RatisAlarms clusterAlarms = new RatisAlarms(this);
    private final MemberDigests digests;
    private final LostLeader lostLeader;
    private volatile Consumer<List<String>> membersTold = ids -> {};
    private volatile boolean removed;
    private int closedTicks; // the scheduler's
    private volatile long readyTerm;
    private volatile SpaceRefusal refusalOfLeader = SpaceRefusal.NONE;
    private volatile @Nullable Known status;
    private final BooleanSupplier voteIsWithheld;
    private volatile boolean stopping;

    /** What was read from Ratis at some time. */
    private record Known(ClusterStatus status, long nanos) {}

    RatisRoutes(
            NodeSettings settings,
            ClusterClock clock,
            SessionTimer sessions,
            RaftMeters meters,
            FatalHandler fatal,
            BooleanSupplier voteIsWithheld) {
        this.settings = settings;
        this.voteIsWithheld = voteIsWithheld;
        this.clock = clock;
        this.sessions = sessions;
        this.meters = meters;
        this.fatal = fatal;
        this.log = new OwnLog(settings, clock, meters, forwarded, this::readyTerm, this::queued, this::entryDone);
        this.rounds = new LeadershipRounds(this, settings.electionTimeoutMax().toNanos(), meters);
        this.space = new ClusterSpace(settings.memberId(), settings.space());
        this.use = new ClusterUse(settings.use());
        this.links = new PeerLinks(
                settings,
                this::signal,
                (peer, level) -> space.reported(peer, level, System.nanoTime()),
                this::linkBroke);
        this.lostLeader = new LostLeader(
                new OwnElection(settings, this::division, this::voterSets, voteIsWithheld, links, meters));
        this.links.follow(settings.peers());
        this.digests = new MemberDigests(links);
    }

    void attach(
            RaftServer server,
            RatisStateMachine newMachine,
            RatisProposer newProposer,
            ScheduledExecutorService scheduler)
            throws IOException {
        machine = newMachine;
        proposer = newProposer;
        RaftServer.Division known = server.getDivision(RaftSettings.groupId(settings.clusterId()));
        RatisMembers present = new RatisMembers(
                settings, known, appenders, () -> readyTerm() != 0, ids -> membersTold.accept(ids), voteIsWithheld);
        links.follow(present.members().peers());
        membership = new RatisMembership(this, new MembershipChanges(settings, present), scheduler);
        members = present;
        division = known;
        if (known.getInfo().isLeaderReady()) {
            // The event came before anybody here could listen.
            leaderReady();
        }
    }

    /** The engine's part that this cluster has; null before it is known. Any thread. */
    RaftServer.@Nullable Division division() {
        return division;
    }

    LeadershipRounds rounds() {
        return rounds;
    }

    FollowerAppenders appenders() {
        return appenders;
    }

    @Override
    public void heardFrom(String memberId) {
        appenders.heardFrom(memberId);
    }

    /** Ratis says that this server leads and has applied everything of older terms. */
    void leaderReady() {
        RaftServer.Division known = division;
        RatisStateMachine applied = machine;
        if (known != null && applied != null && known.getInfo().isLeader()) {
            long term = known.getInfo().getCurrentTerm();
            clock.begin(applied.state().clusterMillis());
            // before anybody can ask this server to renew a session
            sessions.leaderReady(term);
            readyTerm = term;
        }
    }

    void notLeader() {
        readyTerm = 0;
        sessions.notLeader();
    }

    @Override
    public Route route() {
        RaftServer.Division known = division;
        if (known == null || stopping) {
            return NOWHERE;
        }
        DivisionInfo info = known.getInfo();
        long ready = readyTerm();
        RatisMembers present = members;
        if (present == null || !present.isInside()) {
            return NOWHERE;
        }
        if (ready != 0) {
            return new Route(Route.Kind.LEADER, ready, "");
        }
        long term = info.getCurrentTerm();
        RaftPeerId leader = info.getLeaderId();
        if (leader == null || info.isLeader() || leader.toString().equals(settings.memberId())) {
            return NOWHERE;
        }
        return new Route(Route.Kind.FOLLOWER, term, leader.toString());
    }

    @Override
    public long readyTerm() {
        RaftServer.Division known = division;
        if (known == null || stopping) {
            return 0;
        }
        DivisionInfo info = known.getInfo();
        if (!info.isLeader()) {
            return 0;
        }
        long term = info.getCurrentTerm();
        return readyTerm == term && info.isLeaderReady() ? term : 0;
    }

    @Override
    public long nanosToNextEntry() {
        // an entry may need another file of the log, and Ratis ends for good with the first write that fails
        return settings.space().mayWrite() ? log.nanosToNext() : SPACE_PAUSE_NANOS;
    }

    @Override
    public int entryTarget() {
        return log.target();
    }

    private int queued() {
        RatisProposer self = proposer;
        return self == null ? 0 : self.queued();
    }

    private void entryDone(EntryPace pace) {
        RatisProposer self = proposer;
        if (self != null) {
            self.entryDone(pace);
        }
    }

    @Override
    public boolean hasForwarded(long term) {
        return forwarded.peek(term) != null;
    }

    @Override
    public boolean append(long term, @Nullable SentBatch own) {
        RatisProposer self = proposer;
        return log.append(division, term, self == null ? 0 : self.origin(), self == null ? null : own);
    }

    @Override
    public boolean forward(Route route, @Nullable SentBatch batch, InFlight inFlight) {
        PeerLink link = links.get(route.leaderId());
        RatisProposer self = proposer;
        if (link == null || self == null || !link.begin(route.term(), self.origin())) {
            return false;
        }
        if (batch == null) {
            link.resend(route.term(), self.origin(), inFlight);
        } else {
            link.forward(self.origin(), batch);
        }
        return true;
    }

    void askReadIndex(String leaderId, boolean patient, LongConsumer index, Runnable failed) {
        PeerLink link = links.get(leaderId);
        if (link == null) {
            failed.run();
        } else {
            link.askReadIndex(patient, index, failed);
        }
    }

    void askRenewal(String leaderId, long[] ids, PeerLink.Answer answer, Runnable failed) {
        PeerLink link = links.get(leaderId);
        if (link == null) {
            failed.run();
        } else {
            link.askRenewal(ids, answer, failed);
        }
    }

    @Override
    public long[] touch(long[] ids) {
        return sessions.touch(ids);
    }

    @Override
    public void askTerm(String memberId, LongConsumer answer, Runnable failed) {
        PeerLink link = links.get(memberId);
        if (link == null) {
            failed.run();
        } else {
            link.askTerm(refusal(), answer, failed);
        }
    }

    @Override
    public SpaceLevel space() {
        return space.own();
    }

    @Override
    public void leaderRefuses(String memberId, SpaceRefusal refusal, StoreUse.@Nullable Full full) {
        long now = System.nanoTime();
        // growth that is refused for a full store is told as such to older servers only
        space.told(full == null ? refusal : SpaceRefusal.NONE, now);
        use.told(full, now);
    }

    @Override
    public Refusal refusal() {
        if (space.refusesNothing() && use.refusesNothing()) {
            return Refusal.NONE;
        }
        Route route = route();
        long now = System.nanoTime();
        SpaceRefusal forSpace = space.now(route, now);
        if (forSpace != SpaceRefusal.NONE) {
            return Refusal.of(forSpace);
        }
        StoreUse.Full full = use.now(route, now);
        RatisStateMachine known = machine;
        if (full == null || known == null) {
            return Refusal.NONE;
        }
        TreeView view = known.state().view();
        return Refusal.of(full, full.kind() == StoreUse.Kind.ZNODES ? view.znodeCount() : view.dataBytes());
    }

    @Override
    public boolean isCutOff() {
        return space.own() == SpaceLevel.FULL && route().kind() == Route.Kind.FOLLOWER;
    }

    /**
     * On the leader: judges what the disks of the voters allow, asks the others how theirs stand and tells them what is refused. Called several times a second.
     *
     * @return whether leadership should go to a server whose disk has more space than this one's
     */
    boolean exchangeSpace() {
        long now = System.nanoTime();
        long term = readyTerm();
        List<Set<String>> voters = term == 0 ? List.of() : voterSets();
        SpaceRefusal before = refusalOfLeader;
        SpaceRefusal after = space.judge(term, voters, now);
        refusalOfLeader = after;
        if (after != before) {
            (after == SpaceRefusal.NONE ? LOG.atInfo() : LOG.atWarn())
                    .addKeyValue("refused", after)
                    .log("what is refused for lack of disk space has changed");
            signal();
        }
        boolean possible = space.canHandOver(voters, now);
        if (term != 0) {
            // those that do not vote have callers, too
            others().forEach(other -> askTerm(other, unused -> {}, () -> {}));
        }
        // in the middle of a fall every new file of the log is a risk, and a new term begins one on every server
        boolean steady = space.own() == SpaceLevel.FULL || settings.space().mayWrite();
        return possible && steady && space.own() != SpaceLevel.ENOUGH;
    }

    /** Gives leadership to a server whose disk has enough space. See {@link RatisNode#handOver}. */
    boolean handOverToSpace(Duration timeout) throws InterruptedException {
        RaftServer.Division known = division;
        return known != null
                && !stopping
                && new LeadershipTransfer(known, this::followerLag, id -> space.isWell(id, System.nanoTime()))
                        .handOver(timeout);
    }

    @Override
    public long commitIndex() {
        RaftServer.Division known = division;
        return known == null ? -1 : known.getRaftLog().getLastCommittedIndex();
    }

    @Override
    public String memberId() {
        return settings.memberId();
    }

    @Override
    public List<Set<String>> voterSets() {
        RatisMembers present = members;
        return present == null
                ? List.of(Set.of(settings.memberId(), ""))
                : present.members().voterSets();
    }

    @Override
    public long currentTerm() {
        RaftServer.Division known = division;
        return known == null || stopping ? 0 : known.getInfo().getCurrentTerm();
    }

    @Override
    public boolean leads(long term) {
        RaftServer.Division known = division;
        return known != null
                && !stopping
                && known.getInfo().isLeader()
                && known.getInfo().getCurrentTerm() == term;
    }

    @Override
    public ForwardedBatches forwarded() {
        return forwarded;
    }

    @Override
    public void signal() {
        RatisProposer self = proposer;
        if (self != null) {
            self.signal();
        }
    }

    @Override
    public void confirmLeadership(LongConsumer index, Runnable failed) {
        rounds.confirm(index, failed);
    }

    /** Gives up on questions to other servers that were not answered in time. Called now and then. */
    void expire(long nowNanos) {
        rounds.expire(nowNanos);
        long timeout = settings.electionTimeoutMax().toNanos();
        links.expire(nowNanos, timeout);
        PeerLink leader = links.get(route().leaderId());
        if (leader != null) {
            leader.keep();
        }
    }

    /** Has the state machine asked for a snapshot, on the apply thread. */
    void requestSnapshot() {
        RaftServer.Division known = division;
        if (known == null || stopping) {
            return;
        }
        known.getRaftServer()
                .snapshotManagementAsync(SnapshotManagementRequest.newCreate(
                        clientId,
                        known.getId(),
                        known.getMemberId().getGroupId(),
                        callId.incrementAndGet(),
                        SNAPSHOT_TIMEOUT_MILLIS))
                .exceptionally(error -> {
                    LOG.atDebug().addKeyValue("cause", error.toString()).log("a snapshot could not be asked for");
                    return null;
                });
    }

    /** Ratis stops a division by itself after faults that it cannot bear and leaves the process: end it. */
    void checkAlive() {
        RaftServer.Division known = division;
        if (known == null || stopping) {
            return;
        }
        LifeCycle.State state = known.getInfo().getLifeCycleState();
        if (state.isClosingOrClosed() || state == LifeCycle.State.EXCEPTION) {
            RatisMembers present = members;
            boolean out = present != null && present.isOutside();
            int patience = state == LifeCycle.State.CLOSING ? CLOSING_TICKS : CLOSED_TICKS;
            if (removed || out) {
                wasRemoved();
            } else if (++closedTicks >= patience) {
                fatal.stop(FatalHandler.Cause.INTERNAL, "the log's engine has stopped by itself (" + state + ")", null);
            }
        }
    }

    /** Ratis ends a server that the leader does not know any more, and tells of it behind that. */
    void removedByLeader() {
        removed = true;
    }

    private void linkBroke(String memberId) {
        if (!stopping) {
            lostLeader.linkBroke(memberId);
        }
    }

    @Override
    public void leaderLost(String memberId, LostLeader.Report report) {
        lostLeader.told(memberId, report);
    }

    /** Who gets the identities of the members whenever they have changed, on the scheduler thread. */
    void tellMembers(Consumer<List<String>> listener) {
        membersTold = listener;
    }

    /** Follows the members. Called several times a second. */
    void followMembers() {
        RatisMembers present = members;
        if (present != null && !stopping && present.follow(links)) {
            wasRemoved();
        }
    }

    private void wasRemoved() {
        fatal.stop(
                FatalHandler.Cause.REMOVED,
                "this server was put out of the cluster: to have it again, empty its data directory, start it with --join and"
                        + " add it",
                null);
    }

    @Override
    public void digestTold(String memberId, DigestWord word) {
        digests.told(memberId, word);
    }

    /** What is known of the states of the other servers. */
    MemberDigests digests() {
        return digests;
    }

    @Override
    public List<ClusterAlarms.Standing> alarms() {
        return clusterAlarms.own();
    }

    /** The alarms of all servers. */
    RatisAlarms clusterAlarms() {
        return clusterAlarms;
    }

    /** The link to another server, null when there is no such member. */
    @Nullable
    PeerLink link(String id) {
        return links.get(id);
    }

    /** Changes the members; null before {@link #attach}. */
    @Nullable
    RatisMembership membership() {
        return membership;
    }

    /** The other members. */
    List<String> others() {
        RatisMembers present = members;
        return (present == null ? settings.peers() : present.members().peers())
                .stream()
                        .map(NodeSettings.Peer::id)
                        .filter(id -> !id.equals(settings.memberId()))
                        .toList();
    }

    @Override
    public PeerProbe.Answer.Known who() {
        RatisMembers present = members;
        RatisStateMachine applied = machine;
        RatisProposer self = proposer;
        long origin = self == null ? 0 : self.origin();
        return present == null || applied == null
                ? new PeerProbe.Answer.Known(settings.memberId(), origin, true, 0, -1)
                : present.who(origin, applied.getLastAppliedTermIndex());
    }

    @Override
    public void changeHere(MembershipChange change, long millis, Consumer<ChangeEnd> end) {
        RatisMembership changes = membership;
        if (changes == null) {
            end.accept(new ChangeEnd.Elsewhere());
        } else {
            changes.changeHere(change, millis, end);
        }
    }

    long followerLag(String follower) {
        RaftServer.Division known = division;
        if (known == null || readyTerm() == 0) {
            return 0;
        }
        TermIndex last = known.getRaftLog().getLastEntryTermIndex();
        return last == null ? 0 : appenders.lag(follower, last.getIndex());
    }

    /** Seconds that another server last took to answer a leadership question of this one; NaN before the first answer. */
    double peerRttSeconds(String peer) {
        PeerLink link = links.get(peer);
        long nanos = link == null ? -1 : link.rttNanos();
        return nanos < 0 ? Double.NaN : nanos / 1e9;
    }

    /** How often another server did not answer a leadership question of this one. */
    long peerFailures(String peer) {
        PeerLink link = links.get(peer);
        return link == null ? 0 : link.unansweredCount();
    }

    /** The facts, at most {@link #STATUS_NANOS} old: every response asks for them. */
    ClusterStatus status() {
        Known known = status;
        long now = System.nanoTime();
        if (known == null || now - known.nanos() > STATUS_NANOS) {
            known = new Known(readStatus(), now);
            status = known;
        }
        return known.status();
    }

    private ClusterStatus readStatus() {
        RaftServer.Division known = division;
        RatisStateMachine applied = machine;
        RatisMembers present = members;
        return known == null || applied == null || present == null
                ? StatusReader.unknown(settings)
                : StatusReader.read(
                        settings, known, applied, present, readyTerm() != 0, route().kind() != Route.Kind.NONE);
    }

    /** See {@link RatisNode#handOver}. */
    boolean handOver(Duration timeout) throws InterruptedException {
        RaftServer.Division known = division;
        return known != null
                && !stopping
                && new LeadershipTransfer(known, this::followerLag, id -> true).handOver(timeout);
    }

    void stopping() {
        stopping = true;
        signal();
    }

    @Override
    public void close() {
        stopping = true;
        RatisMembership changes = membership;
        if (changes != null) {
            changes.close();
        }
        lostLeader.close();
        links.close();
    }
}
