package io.pathkeeper.server.raft;

import io.pathkeeper.server.coordination.LockTable;
import io.pathkeeper.server.disk.SpaceLevel;
import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.metrics.RaftMeters;
import io.pathkeeper.server.session.SessionTable;
import io.pathkeeper.server.state.ChangeHistory;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.RevisionChanges;
import io.pathkeeper.server.state.RevisionDigest;
import io.pathkeeper.server.state.StateLimits;
import io.pathkeeper.server.store.AppliedState;
import io.pathkeeper.server.store.ChangeSink;
import io.pathkeeper.server.store.ClusterAlarms;
import io.pathkeeper.server.store.ClusterControl;
import io.pathkeeper.server.store.ClusterStatus;
import io.pathkeeper.server.store.Leadership;
import io.pathkeeper.server.store.MembershipChange;
import io.pathkeeper.server.store.MembershipControl;
import io.pathkeeper.server.store.ProposalListener;
import io.pathkeeper.server.store.Proposer;
import io.pathkeeper.server.store.ReadBarrier;
import io.pathkeeper.server.store.SessionRenewal;
import io.pathkeeper.server.store.SessionTimer;
import io.pathkeeper.server.store.StatePins;
import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.server.wire.ConnectionGate;
import io.pathkeeper.server.wire.TlsEndpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of the cluster: the replicated log and everything that stands directly on it. Creates its parts, starts and stops
 * them in order, and is the one object behind the store's ports.
 */
public final class RatisNode
        implements Proposer,
                ReadBarrier,
                AppliedState,
                StatePins,
                ClusterControl,
                MembershipControl,
                SessionRenewal,
                Leadership,
                AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RatisNode.class);
    private static final long DUTY_MILLIS = 100;
    private static final long EXPIRY_MILLIS = 50;
    private static final int DUTIES_BETWEEN_ASKING = 10;
    private static final long SPACE_MILLIS = 200;
    /** What the servers know of each other's disks is up to date then. */
    private static final int ROUNDS_BEFORE_HAND_OVER = 5;

    private static final long HAND_OVER_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final NodeSettings settings;
    private final Completions completions;
    private final ScheduledExecutorService scheduler;
    private final RatisProposer proposer;
    private final LongConsumer synced;
    private final RatisReadBarrier barrier;
    private final RatisStateMachine machine;
    private final RatisRoutes routes;
    private final LeaderDuties duties;
    private final RaftServer server;
    private final ServerPort port;
    private final VotingRight votes;
    private final ChangeSink changes;
    private final RaftMeters meters;
    private final SessionTimer sessions;
    private final RatisRenewals renewals;
    private volatile LongConsumer syncsTold = nanos -> {};
    private int unasked = DUTIES_BETWEEN_ASKING;
    // the scheduler's
    private int dutiesUntold;
    private boolean snapshotForSpace;
    private int roundsElsewhere;
    private long nextHandOverNanos = System.nanoTime();

    /**
     * Starts a member. Returns when it takes part in the cluster, not when there is a leader.
     *
     * @param changes is told of what is published, on the apply thread
     * @param sessions keeps the time of sessions while this member leads
     * @param fatal ends the server when it may be wrong
     * @throws NodeStartException when the port is taken, another process serves with this identity, or the log or the snapshots cannot be read
     */
    public static RatisNode start(
            NodeSettings settings,
            StateLimits limits,
            ChangeSink changes,
            SessionTimer sessions,
            FatalHandler fatal,
            RaftMeters meters)
            throws NodeStartException {
        RatisNode node;
        try {
            Files.createDirectories(settings.directory());
            EarlierWrites.force(settings.directory());
            OneIdentity.check(settings);
            node = new RatisNode(settings, limits, changes, sessions, fatal, meters);
        } catch (IOException | RuntimeException e) {
            throw NodeStartException.of(settings, e);
        }
        try {
            node.start();
            return node;
        } catch (IOException | RuntimeException e) {
            node.close();
            throw NodeStartException.of(settings, e);
        }
    }

    private RatisNode(
            NodeSettings settings,
            StateLimits limits,
            ChangeSink changes,
            SessionTimer sessions,
            FatalHandler fatal,
            RaftMeters meters)
            throws IOException {
        this.settings = settings;
        this.changes = changes;
        this.meters = meters;
        this.sessions = sessions;
        this.completions = new Completions(settings.memberId());
        this.scheduler = newScheduler(settings.memberId());
        ClusterClock clock = new ClusterClock(System::nanoTime, settings.wallClock());
        SlowSyncs syncs = new SlowSyncs();
        this.synced = nanos -> {
            syncs.ended(System.nanoTime(), nanos);
            meters.fsyncNanos(nanos);
            syncsTold.accept(nanos);
        };
        this.votes = new VotingRight(
                settings.directory(),
                RaftSettings.groupDirectory(settings),
                settings.peers().size() > 1);
        this.routes = new RatisRoutes(settings, clock, sessions, meters, fatal, votes::isWithheld);
        this.proposer = new RatisProposer(settings, new SecureRandom().nextLong(), routes, completions, syncs, meters);
        long patienceNanos = 2 * settings.electionTimeoutMax().toNanos() + 1_000_000_000L;
        BarrierView local = new BarrierView();
        this.barrier = new RatisReadBarrier(local, completions, patienceNanos);
        this.renewals = new RatisRenewals(
                local, barrier, completions, patienceNanos, TimeUnit.MILLISECONDS.toNanos(RatisRenewals.GATHER_MILLIS));
        this.machine = new RatisStateMachine(
                settings,
                limits,
                proposer,
                completions,
                changes.and(new SessionChanges(sessions)),
                new MachineEvents(meters),
                fatal,
                meters);
        this.duties = new LeaderDuties(proposer, machine, clock);
        EngineMeters.register(RaftSettings.groupMember(settings), synced);
        ChannelThreads.useTransport();
        Parameters parameters = new Parameters();
        RatisTransport.setAppenders(parameters, routes.appenders());
        PeerService peers = new PeerService(settings, routes);
        HeldAppends held = new HeldAppends(settings.space());
        TlsEndpoint tls = settings.tls();
        if (tls != null) {
            GrpcConfigKeys.Server.setTlsConf(parameters, RaftTls.forRatis(tls));
        }
        this.port = new ServerPort(settings.memberId(), tls);
        GrpcConfigKeys.Server.setServicesCustomizer(
                parameters,
                (builder, types) -> port.apply(builder)
                        .addService(peers.definition())
                        .intercept(new ListenerPromotion(routes::division))
                        .intercept(held)
                        .intercept(votes)
                        .intercept(PeerService.onlyServers())
                        .callExecutor(PeerService.executors()));
        this.server = RaftServer.newBuilder()
                .setServerId(RaftPeerId.valueOf(settings.memberId()))
                .setGroup(RaftSettings.group(settings))
                .setProperties(RaftSettings.properties(settings))
                .setParameters(parameters)
                .setOption(RaftStorage.StartupOption.RECOVER)
                .setStateMachineRegistry(group -> machine)
                .build();
    }

    /** The engine's part that this cluster has; its monitor keeps the engine from taking entries. */
    RaftServer.@Nullable Division division() {
        return routes.division();
    }

    private static ScheduledExecutorService newScheduler(String memberId) {
        ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, memberId + "-scheduler");
            thread.setDaemon(true);
            return thread;
        });
        scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return scheduler;
    }

    private void start() throws IOException {
        server.start();
        routes.attach(server, machine, proposer, scheduler);
        proposer.start();
        routes.followMembers(); // holds elections, if they are to be held, before the first one
        scheduler.scheduleWithFixedDelay(this::expire, EXPIRY_MILLIS, EXPIRY_MILLIS, TimeUnit.MILLISECONDS);
        scheduler.scheduleWithFixedDelay(this::duties, DUTY_MILLIS, DUTY_MILLIS, TimeUnit.MILLISECONDS);
        scheduler.scheduleWithFixedDelay(this::space, SPACE_MILLIS, SPACE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void space() {
        try {
            boolean betterElsewhere = routes.exchangeSpace();
            long now = System.nanoTime();
            roundsElsewhere = betterElsewhere ? roundsElsewhere + 1 : 0;
            if (roundsElsewhere >= ROUNDS_BEFORE_HAND_OVER && now - nextHandOverNanos >= 0) {
                nextHandOverNanos = now + HAND_OVER_PAUSE_NANOS;
                Thread thread = new Thread(this::handOverToSpace, settings.memberId() + "-hand-over");
                thread.setDaemon(true);
                thread.start();
            }
            SpaceLevel level = settings.space().level();
            if (level == SpaceLevel.LOW && !snapshotForSpace) {
                // the log may be what takes the space: behind a snapshot it is shorter
                routes.requestSnapshot();
            }
            snapshotForSpace = level != SpaceLevel.ENOUGH;
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("the look at the disks of the servers failed");
        }
    }

    private void handOverToSpace() {
        try {
            LOG.atWarn().log("this server's disk runs full and it leads: another one with more space is asked to");
            routes.handOverToSpace(settings.electionTimeoutMax());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void expire() {
        try {
            long now = System.nanoTime();
            routes.expire(now);
            barrier.expire(now);
            sessions.tick(now);
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("the scan for deadlines failed");
        }
    }

    private void duties() {
        try {
            routes.checkAlive();
            routes.followMembers();
            if (++dutiesUntold >= DUTIES_BETWEEN_ASKING) {
                dutiesUntold = 0;
                if (machine.state().comparedDigests() > 0) {
                    routes.digests().tellEqual(routes.others());
                }
            }
            if (votes.isWithheld()) {
                regainVote();
            }
            if (machine.wantsSnapshot()) {
                routes.requestSnapshot();
            }
            if (routes.readyTerm() != 0) {
                duties.run();
            } else if (changes.isObserved() && ++unasked >= DUTIES_BETWEEN_ASKING) {
                // Observers wait for commits as readers do: a follower that asks now and then is told of them at once.
                unasked = 0;
                barrier.linearizableView();
            }
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("the periodic duties failed");
        }
    }

    private void regainVote() {
        if (barrier.isCaughtUp()) {
            votes.caughtUp();
        } else {
            barrier.probe();
        }
    }

    @Override
    public void offer(Command command, @Nullable RequestId requestId, long deadlineNanos, ProposalListener listener) {
        proposer.offer(command, requestId, deadlineNanos, listener);
    }

    @Override
    public void propose(Command command, @Nullable RequestId requestId, long deadlineNanos, ProposalListener listener) {
        proposer.propose(command, requestId, deadlineNanos, listener);
    }

    @Override
    public void flush() {
        proposer.flush();
    }

    @Override
    public CompletableFuture<TreeView> linearizableView() {
        return barrier.linearizableView();
    }

    @Override
    public CompletableFuture<TreeView> probe() {
        return barrier.probe();
    }

    @Override
    public CompletableFuture<TreeView> viewAtLeast(long revision, long deadlineNanos) {
        return barrier.viewAtLeast(revision, deadlineNanos);
    }

    @Override
    public boolean isCaughtUp() {
        return barrier.isCaughtUp();
    }

    @Override
    public boolean hasOwnView() {
        return barrier.hasOwnView();
    }

    @Override
    public TreeView view() {
        return machine.state().view();
    }

    @Override
    public RevisionDigest digest() {
        return machine.state().digest();
    }

    @Override
    public Pin pin() {
        return machine.pin();
    }

    @Override
    public ChangeHistory history() {
        return machine.state().history();
    }

    @Override
    public SessionTable sessions() {
        return machine.state().sessions();
    }

    @Override
    public LockTable locks() {
        return machine.state().locks();
    }

    @Override
    public void renew(long[] sessionIds, RenewListener listener) {
        renewals.renew(sessionIds, listener);
    }

    @Override
    public void confirm(LongConsumer index, Runnable failed) {
        routes.confirmLeadership(index, failed);
    }

    @Override
    public ClusterStatus status() {
        return routes.status();
    }

    @Override
    public void change(MembershipChange change, long deadlineNanos, Listener listener) {
        RatisMembership membership = routes.membership();
        if (membership == null) {
            throw new IllegalStateException("the node is not started");
        }
        membership.change(change, deadlineNanos, listener);
    }

    /** Commands of this server's callers that wait or are under way. */
    public int pendingCount() {
        return proposer.pendingCount();
    }

    /** Has somebody told of the identities of all members whenever they have changed, on a thread that must not be held up. */
    public void tellMembers(java.util.function.Consumer<List<String>> listener) {
        routes.tellMembers(listener);
    }

    /** Says where this server's alarms are found. */
    public void showAlarms(Supplier<List<ClusterAlarms.Standing>> alarms) {
        routes.clusterAlarms().show(alarms);
    }

    /** The alarms of all servers. */
    public ClusterAlarms alarms() {
        return routes.clusterAlarms();
    }

    /** Has somebody told how long each fsync of the log took, in nanoseconds, on the thread that made it. */
    public void tellSyncs(LongConsumer listener) {
        syncsTold = listener;
    }

    /** The other members whose state is known to differ from the leader's. */
    public List<String> divergedMembers() {
        return routes.digests().diverged(routes.others());
    }

    /** Name of a snapshot that could not be read and is still there; empty when there is none. */
    public String damagedSnapshot() {
        return machine.damagedSnapshot();
    }

    /** The other members as they are now. */
    public List<String> peers() {
        return routes.others();
    }

    /** Entries that a follower does not have yet while this server leads, else 0. */
    public long followerLag(String peer) {
        return routes.followerLag(peer);
    }

    /** Seconds that another server last took to say in which term it is, when this one led; NaN before the first answer. */
    public double peerRttSeconds(String peer) {
        return routes.peerRttSeconds(peer);
    }

    /** How often another server did not say in which term it is when this one led and asked. */
    public long peerFailures(String peer) {
        return routes.peerFailures(peer);
    }

    /** Writes that were repeated and answered from the ledger, by every server's callers, since this state was loaded. */
    public long repeatedWrites() {
        return machine.state().repeatedWrites();
    }

    /** Counts the connections of the other servers, and of those who would like to be one. */
    public ConnectionGate connections() {
        return port.gate();
    }

    /** Rounds of leadership confirmation that this server began as the leader. */
    public long leadershipRounds() {
        return routes.rounds().rounds();
    }

    /**
     * Gives leadership to another server if this one leads, so that a stop costs writers no election timeout. Blocks for two election
     * timeouts and a second at most; does nothing on a server that follows or is alone.
     *
     * @return true when another server has taken over
     */
    public boolean handOver() throws InterruptedException {
        return routes.handOver(settings.electionTimeoutMax());
    }

    /** Stops: callers are told that this server is stopping, the log is closed cleanly. */
    @Override
    public void close() {
        routes.stopping();
        scheduler.shutdownNow();
        sessions.notLeader();
        proposer.close();
        renewals.close();
        barrier.close();
        try {
            server.close();
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("cause", e.toString()).log("the log was not closed cleanly");
        }
        port.close();
        routes.close();
        completions.close();
        EngineMeters.unregister(RaftSettings.groupMember(settings), synced);
    }

    /** What the engine keeps of itself now: values, and counts from its start on. Any thread. */
    public Map<EngineMeters.Reading, DoubleSupplier> engineReadings() {
        return EngineMeters.readings(RaftSettings.groupMember(settings));
    }

    /** What the barrier sees of this node. */
    private final class BarrierView implements RatisRenewals.Local {
        @Override
        public RatisProposer.Route route() {
            return routes.route();
        }

        @Override
        public void confirmLeadership(LongConsumer index, Runnable failed) {
            routes.rounds().confirm(index, failed);
        }

        @Override
        public void askReadIndex(String leaderId, boolean patient, LongConsumer index, Runnable failed) {
            routes.askReadIndex(leaderId, patient, index, failed);
        }

        @Override
        public long[] touch(long[] ids) {
            return routes.touch(ids);
        }

        @Override
        public void askRenewal(String leaderId, long[] ids, PeerLink.Answer answer, Runnable failed) {
            routes.askRenewal(leaderId, ids, answer, failed);
        }

        @Override
        public long appliedIndex() {
            return machine.appliedIndex();
        }

        @Override
        public TreeView view() {
            return machine.state().view();
        }

        @Override
        public boolean beganWithState() {
            return machine.beganWithState();
        }

        @Override
        public void later(Runnable task, long delayMillis) {
            try {
                scheduler.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                task.run();
            }
        }
    }

    /** Tells the sessions' time of what was published. */
    private record SessionChanges(SessionTimer sessions) implements ChangeSink {
        @Override
        public void published(List<RevisionChanges> changes) {
            sessions.changed(changes);
        }

        @Override
        public void replaced() {
            // This server followed: it keeps no time.
        }
    }

    /** What the state machine tells. */
    private final class MachineEvents implements RatisStateMachine.Events {
        private final RaftMeters meters;
        private String leader = "";

        MachineEvents(RaftMeters meters) {
            this.meters = meters;
        }

        @Override
        public void termApplied(long term) {
            proposer.termApplied(term);
        }

        @Override
        public void applied(long index, long revision) {
            TreeView view = machine.state().view();
            settings.use().changed(view.znodeCount(), view.dataBytes());
            barrier.applied(index, revision);
        }

        @Override
        public void diverged() {
            routes.digests().tellDiverged(routes.others());
        }

        @Override
        public void heard(long[] heard) {
            sessions.heard(heard);
        }

        @Override
        public void leaderChanged(String leaderId) {
            if (!leaderId.equals(leader)) {
                leader = leaderId;
                meters.leaderChanged();
                LOG.atInfo().addKeyValue("leader", leaderId).log("the leader is known");
            }
            proposer.signal();
        }

        @Override
        public void leaderReady() {
            votes.leads();
            routes.leaderReady();
            proposer.signal();
        }

        @Override
        public void removed() {
            routes.removedByLeader();
        }

        @Override
        public void notLeader() {
            routes.notLeader();
            proposer.signal();
        }
    }
}
