package io.pathkeeper.server;

import io.pathkeeper.server.admin.AdminServer;
import io.pathkeeper.server.admin.PauseMonitor;
import io.pathkeeper.server.admin.Readiness;
import io.pathkeeper.server.alarm.Alarm;
import io.pathkeeper.server.alarm.AlarmType;
import io.pathkeeper.server.alarm.Alarms;
import io.pathkeeper.server.audit.AuditLog;
import io.pathkeeper.server.auth.Gatekeeper;
import io.pathkeeper.server.config.Address;
import io.pathkeeper.server.config.ServerConfig;
import io.pathkeeper.server.coordination.LockTable;
import io.pathkeeper.server.disk.DiskSpace;
import io.pathkeeper.server.disk.SyncTimes;
import io.pathkeeper.server.expiry.SessionKeeper;
import io.pathkeeper.server.logging.LogLevels;
import io.pathkeeper.server.metrics.MeterNames;
import io.pathkeeper.server.metrics.ServerMeters;
import io.pathkeeper.server.observe.ObserveHub;
import io.pathkeeper.server.raft.FatalHandler;
import io.pathkeeper.server.raft.NodeStartException;
import io.pathkeeper.server.raft.RatisNode;
import io.pathkeeper.server.rpc.BackupSource;
import io.pathkeeper.server.rpc.Coordination;
import io.pathkeeper.server.rpc.Gate;
import io.pathkeeper.server.rpc.Headers;
import io.pathkeeper.server.rpc.LockWatches;
import io.pathkeeper.server.rpc.ObserveEndpoint;
import io.pathkeeper.server.rpc.ObserveFrames;
import io.pathkeeper.server.rpc.Owners;
import io.pathkeeper.server.rpc.ProcessFacts;
import io.pathkeeper.server.rpc.RpcServer;
import io.pathkeeper.server.session.Session;
import io.pathkeeper.server.store.ClusterAlarms;
import io.pathkeeper.server.store.ClusterStatus;
import io.pathkeeper.server.store.StoreService;
import io.pathkeeper.server.store.StoreUse;
import io.pathkeeper.server.tracing.Tracing;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server: makes all parts, starts them in order and stops them in the opposite order. Several can run in one process.
 *
 * <p>Life: {@link #start} returns when all ports are bound, which is before there is a leader; {@link #isReady} and the log line
 * {@code serving} tell when linearizable reads and writes are answered; {@link #close} once or more.
 */
public final class PathkeeperServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PathkeeperServer.class);

    private final ServerConfig config;
    private final Deque<AutoCloseable> parts;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final RatisNode node;
    private final RpcServer rpc;
    private final AdminServer http;
    private final Readiness readiness;
    private final ServerMeters meters;

    /** Starts a server whose fatal failures are logged and close it: for tests and for use inside another program. */
    public static PathkeeperServer start(ServerConfig config) throws StartException {
        return start(config, System::currentTimeMillis);
    }

    /** Does what {@link #start(ServerConfig)} does, with a wall clock that a test may step: milliseconds since 1970. */
    public static PathkeeperServer start(ServerConfig config, LongSupplier wallClock) throws StartException {
        AtomicBoolean stopped = new AtomicBoolean();
        PathkeeperServer[] self = new PathkeeperServer[1];
        return self[0] = start(config, wallClock, (cause, message, error) -> {
            if (stopped.compareAndSet(false, true)) {
                LOG.atError().setCause(error).addKeyValue("cause", cause).log(message);
                PathkeeperServer server = self[0];
                if (server != null) {
                    new Thread(server::close, "stop-after-failure").start();
                }
            }
        });
    }

    /**
     * Starts a server.
     *
     * @param fatal is called when the server may be wrong and has to end
     * @throws StartException with one line and the exit code
     */
    public static PathkeeperServer start(ServerConfig config, FatalHandler fatal) throws StartException {
        return start(config, System::currentTimeMillis, fatal);
    }

    private static PathkeeperServer start(ServerConfig config, LongSupplier wallClock, FatalHandler fatal)
            throws StartException {
        Deque<AutoCloseable> parts = new ArrayDeque<>();
        try {
            Protection protection = add(parts, Protection.of(config));
            return new PathkeeperServer(config, Listeners.find(config), protection, wallClock, fatal, parts);
        } catch (NodeStartException e) {
            closeAll(parts);
            throw new StartException(code(e.problem()), String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            closeAll(parts);
            throw new StartException(ExitCode.PORT, "a port cannot be listened on: " + e.getMessage(), e);
        } catch (StartException | RuntimeException e) {
            closeAll(parts);
            throw e;
        }
    }

    private PathkeeperServer(
            ServerConfig config,
            Listeners listeners,
            Protection protection,
            LongSupplier wallClock,
            FatalHandler fatal,
            Deque<AutoCloseable> parts)
            throws StartException, IOException {
        this.config = config;
        long startNanos = System.nanoTime();
        String version = Version.current();
        DataDirectory data = add(
                parts,
                DataDirectory.open(
                        config.data().dir(),
                        config.cluster().id(),
                        config.cluster().memberId()));
        DiskSpace space = add(parts, DiskSpace.open(config.data().dir(), NodeConfig.space(config)));
        StoreUse use = new StoreUse(NodeConfig.store(config));
        meters = add(parts, new ServerMeters(version, Version.commit(), RpcServer.methodNames()));
        add(parts, new PauseMonitor(meters::paused));
        ObserveHub hub = new ObserveHub(NodeConfig.observers(config), meters.observe(), System::nanoTime);
        LockWatches watches = new LockWatches(config.limits().waitingCalls());
        SessionKeeper keeper =
                new SessionKeeper(config.raft().electionTimeoutMax().toNanos(), meters.sessions(), System::nanoTime);
        node = add(
                parts,
                RatisNode.start(
                        NodeConfig.settings(config, listeners, data.raft(), wallClock, space, use, protection.raft()),
                        NodeConfig.state(config),
                        hub.and(watches),
                        keeper,
                        fatal,
                        meters.raft()));
        keeper.start(node, node, node);
        Headers headers = new Headers(node);
        hub.foundedAt(data.foundedRevision());
        hub.start(node, new ObserveFrames(headers, Owners.of(node)));
        StoreService store = add(
                parts, new StoreService(node, node, node, node, config.limits().pinnedViews()));
        Alarms alarms = new Alarms(wallClock);
        SpaceAlarm.watch(space, alarms);
        MemoryAlarm.watch(use, space, alarms);
        long slowMillis = config.data().slowSync().toMillis();
        SyncTimes syncs = new SyncTimes(TimeUnit.MILLISECONDS.toNanos(slowMillis), System::nanoTime);
        node.tellSyncs(syncs::ended);
        SlowDiskAlarm.watch(syncs, slowMillis, space, alarms);
        CorruptAlarm.watch(node, space, alarms);
        space.start();
        node.showAlarms(() -> standing(alarms));
        readiness = new Readiness(node, node, () -> SpaceAlarm.problem(space), () -> lines(alarms), this::changed);
        LogLevels levels = add(parts, new LogLevels(wallClock));
        ProcessFacts facts = new Facts(version, startNanos, hub, data, readiness, node.alarms(), levels);
        Tracing tracing = add(
                parts,
                Tracing.of(
                        config.tracing(),
                        version,
                        config.cluster().id(),
                        config.cluster().memberId()));
        count(tracing);
        rpc = RpcServer.start(
                config.withClientListen(listeners.client()),
                store,
                node,
                headers,
                meters.rpc(),
                tracing,
                facts,
                new Coordination(node, watches, meters.sessions()),
                new BackupSource(
                        node, config.cluster().id(), config.cluster().memberId(), version, wallClock, meters.backups()),
                gate(config, parts, space, alarms),
                List.of(new ObserveEndpoint(hub, node, headers)),
                protection.clientEdge());
        // stop order: nobody is told that this server is ready, observers hear of the stop, then the calls end
        add(parts, rpc);
        add(parts, hub);
        add(parts, watches);
        add(parts, readiness);
        http = add(parts, AdminServer.start(listeners.http(), protection.http(), meters::scrape, readiness));
        gauges(store, hub, data);
        gauges(space);
        gauges(use);
        QuotaGauges quotas = new QuotaGauges(meters, node::view);
        EngineGauges engine = new EngineGauges(meters, node::engineReadings);
        engine.look();
        space.onLook(() -> {
            quotas.look();
            engine.look();
        });
        gauges(store, watches, keeper);
        for (String outcome : http.outcomes()) {
            meters.count(
                    MeterNames.HTTP_REQUESTS,
                    "Requests of HTTP by how they ended",
                    "code",
                    outcome,
                    () -> http.requests(outcome));
        }
        protection.register(meters, node.connections());
        for (AlarmType type : AlarmType.values()) {
            meters.gauge(
                    MeterNames.ALARM,
                    "Alarms of a kind that are raised",
                    "type",
                    type.label(),
                    () -> alarms.count(type));
        }
        protection.watch(alarms, () -> {
            rpc.judgeCertificatesAnew();
            http.judgeCertificatesAnew();
        });
        this.parts = parts;
        LOG.atInfo()
                .addKeyValue("version", version)
                .addKeyValue("cluster", config.cluster().id())
                .addKeyValue("member", config.cluster().memberId())
                .addKeyValue("client", listeners.client())
                .addKeyValue("raft", listeners.raft())
                .addKeyValue("http", listeners.http())
                .addKeyValue("data", config.data().dir())
                .log("started");
        readiness.start();
    }

    private Gate gate(ServerConfig config, Deque<AutoCloseable> parts, DiskSpace space, Alarms alarms)
            throws StartException {
        try {
            AuditLog audit = add(parts, new AuditLog(config.audit(), meters.audit()));
            Gatekeeper keeper = new Gatekeeper(config.auth(), config.cluster().id(), node::view, node::isCaughtUp);
            space.onLook(() -> keeper.fileProblems()
                    .forEach((key, problem) -> alarms.set(AlarmType.AUTH_RELOAD_FAILED, key, problem)));
            return new Gate(keeper, audit, meters.auth(), config.auth().signInLife());
        } catch (IOException e) {
            throw new StartException(
                    ExitCode.CONFIGURATION, "a file of the configuration cannot be used: " + e.getMessage(), e);
        }
    }

    private static List<String> lines(Alarms alarms) {
        return alarms.list().stream().map(Alarm::line).toList();
    }

    private static List<ClusterAlarms.Standing> standing(Alarms alarms) {
        return alarms.list().stream()
                .map(alarm -> new ClusterAlarms.Standing(
                        alarm.type().name(), alarm.subject(), alarm.message(), alarm.sinceMillis()))
                .toList();
    }

    private static <T extends AutoCloseable> T add(Deque<AutoCloseable> parts, T part) {
        parts.push(part);
        return part;
    }

    /** On the readiness thread, which begins when everything is made. */
    private void changed(boolean ready) {
        rpc.setServing(ready);
        if (ready) {
            LOG.atInfo()
                    .addKeyValue("member", config.cluster().memberId())
                    .addKeyValue("client", config.clientAddress())
                    .addKeyValue("leader", node.status().leaderId())
                    .log("serving");
        } else if (!closed.get()) {
            String why = readiness.checks().stream()
                    .filter(check -> !check.ok())
                    .map(check -> check.name() + ": " + check.detail())
                    .findFirst()
                    .orElse("unknown");
            LOG.atWarn().addKeyValue("reason", why).log("not ready");
        }
    }

    private void gauges(StoreService store, ObserveHub hub, DataDirectory data) {
        meters.gauge(MeterNames.STORE_NODES, "Znodes", () -> store.view().znodeCount());
        meters.gauge(
                MeterNames.STORE_TTL_NODES,
                "Znodes with a time to live",
                () -> store.view().ttlCount());
        meters.gauge(
                MeterNames.STORE_DATA_BYTES,
                "Bytes of all values",
                () -> store.view().dataBytes());
        meters.gauge(
                MeterNames.STORE_REVISION,
                "Revision of the store",
                () -> store.view().revision());
        meters.gauge(MeterNames.STORE_COMPACT_REVISION, "Oldest revision of the history", store::oldestRevision);
        meters.gauge(
                MeterNames.STORE_HISTORY_REVISIONS,
                "Revisions in the history",
                () -> node.history().newestRevision() - node.history().oldestRevision() + 1);
        meters.gauge(
                MeterNames.STORE_HISTORY_EVENTS,
                "Changes of znodes in the history",
                () -> node.history().events());
        meters.gauge(
                MeterNames.STORE_HISTORY_BYTES,
                "Estimated size of the history",
                () -> node.history().bytes());
        meters.count(
                MeterNames.DEDUP_HITS,
                "Repeated writes that were answered with the first result",
                node::repeatedWrites);
        meters.gauge(MeterNames.OBSERVE_PENDING_EVENTS, "Events that wait for their observers", hub::pendingEvents);
        PeerGauges peers = new PeerGauges(meters, node);
        peers.follow(node.peers());
        node.tellMembers(ids -> peers.follow(node.peers()));
        meters.gauge(MeterNames.PINNED_VIEWS, "Old revisions kept for listings", store::pinnedViewCount);
        meters.gauge(MeterNames.PROPOSALS_PENDING, "Commands that wait for their answer", node::pendingCount);
        meters.gauge(
                MeterNames.RAFT_IS_LEADER,
                "1 on the leader",
                () -> node.status().role() == ClusterStatus.Role.LEADER ? 1 : 0);
        meters.gauge(
                MeterNames.RAFT_HAS_LEADER,
                "1 while a leader is known",
                () -> node.status().leaderId().isEmpty() ? 0 : 1);
        meters.gauge(MeterNames.RAFT_TERM, "Raft term", () -> node.status().term());
        meters.gauge(
                MeterNames.RAFT_COMMIT_INDEX,
                "Log index known to be committed",
                () -> node.status().commitIndex());
        meters.gauge(
                MeterNames.RAFT_APPLIED_INDEX,
                "Log index applied",
                () -> node.status().appliedIndex());
        meters.gauge(MeterNames.DISK_FREE_BYTES, "Bytes left for the data directory", data::freeBytes);
    }

    private void gauges(StoreUse use) {
        meters.gauge(
                MeterNames.STORE_NODES_LIMIT,
                "Znodes that this server lets the store have",
                () -> use.limits().znodes());
        meters.gauge(
                MeterNames.STORE_DATA_BYTES_LIMIT,
                "Bytes of all values that this server lets the store have",
                () -> use.limits().dataBytes());
    }

    private void gauges(DiskSpace space) {
        meters.gauge(
                MeterNames.DISK_SPACE_LEVEL,
                "Space of the data directory's disk: 0 enough, 1 low, 2 full",
                () -> space.level().ordinal());
        meters.gauge(
                MeterNames.DISK_RESERVE_BYTES,
                "Bytes that are kept for the log of a disk that runs full",
                space::reservedBytes);
    }

    private void gauges(StoreService store, LockWatches watches, SessionKeeper keeper) {
        String told = "Sessions; those that the leader is about to expire are ending on the leader and open elsewhere";
        meters.gauge(
                MeterNames.SESSIONS,
                told,
                "state",
                "open",
                () -> Math.max(0, store.sessions().count() - keeper.endingCount()));
        meters.gauge(MeterNames.SESSIONS, told, "state", "ending", keeper::endingCount);
        meters.gauge(MeterNames.SESSIONS_OLDEST, "Age of the oldest open session", () -> oldestSeconds(store));
        meters.gauge(
                MeterNames.EPHEMERALS,
                "Ephemeral znodes",
                () -> store.sessions().ephemeralCount());
        String used = "Locks and elections: held, held and waited for, or free while a delay runs";
        meters.gauge(
                MeterNames.LOCKS, used, "state", "held", () -> store.locks().heldCount());
        meters.gauge(
                MeterNames.LOCKS,
                used,
                "state",
                "contended",
                () -> store.locks().contendedCount());
        meters.gauge(MeterNames.LOCKS, used, "state", "delayed", () -> delayed(store.locks()));
        meters.gauge(
                MeterNames.LOCK_WAITERS,
                "Those who wait for locks and elections",
                () -> store.locks().waiterCount());
        meters.gauge(
                MeterNames.LOCK_CALLS,
                "Calls of this server that wait for locks or observe elections",
                watches::callCount);
    }

    private void count(Tracing tracing) {
        String told = "Spans of calls by what became of them";
        meters.count(MeterNames.TRACE_SPANS, told, "outcome", "exported", tracing::exported);
        meters.count(MeterNames.TRACE_SPANS, told, "outcome", "failed", tracing::failed);
        meters.count(MeterNames.TRACE_SPANS, told, "outcome", "dropped", tracing::dropped);
    }

    private static int delayed(LockTable locks) {
        return Math.max(0, locks.count() - locks.heldCount() - locks.contendedCount());
    }

    /** Ids ascend with time: the lowest is the oldest. */
    private static double oldestSeconds(StoreService store) {
        List<Session> first = store.sessions().after(0, 1);
        return first.isEmpty()
                ? 0
                : Math.max(0, System.currentTimeMillis() - first.get(0).createdAtMillis()) / 1_000.0;
    }

    /** The configuration that it was started with. */
    public ServerConfig config() {
        return config;
    }

    /** Port for clients. */
    public int clientPort() {
        return rpc.port();
    }

    /** Port for metrics and health. */
    public int httpPort() {
        return http.port();
    }

    /** Whether linearizable reads and writes are answered. */
    public boolean isReady() {
        return readiness.isReady();
    }

    /** The cluster as this server sees it. */
    public ClusterStatus status() {
        return node.status();
    }

    /** The member of the cluster inside, for tests that look at the state. */
    public RatisNode node() {
        return node;
    }

    /**
     * Stops as an operator wants it: leadership goes to another server first, while this one still serves, then everything is
     * stopped in order. Blocks; the other servers need not be there.
     */
    public void stop() {
        if (!closed.get()) {
            try {
                node.handOver();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        close();
    }

    /** Stops everything, in order, as abruptly for the other servers as an end of the process. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            closeAll(parts);
            LOG.atInfo().addKeyValue("member", config.cluster().memberId()).log("stopped");
        }
    }

    private static void closeAll(Deque<AutoCloseable> parts) {
        for (AutoCloseable part = parts.poll(); part != null; part = parts.poll()) {
            try {
                part.close();
            } catch (Exception e) {
                LOG.atWarn()
                        .setCause(e)
                        .addKeyValue("part", part.getClass().getSimpleName())
                        .log("a part could not be stopped");
            }
        }
    }

    private static ExitCode code(NodeStartException.Problem problem) {
        return switch (problem) {
            case PORT_IN_USE -> ExitCode.PORT;
            case LOCKED -> ExitCode.DATA_DIRECTORY;
            case IDENTITY -> ExitCode.CONFIGURATION;
            case CORRUPT -> ExitCode.CORRUPT;
            case STORAGE -> ExitCode.STORAGE;
            case OTHER -> ExitCode.FAILURE;
        };
    }

    private record Facts(
            String version,
            long startNanos,
            ObserveHub hub,
            DataDirectory data,
            Readiness readiness,
            ClusterAlarms clusterAlarms,
            LogLevels logLevels)
            implements ProcessFacts {
        @Override
        public long uptimeMillis() {
            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
        }

        @Override
        public long observationCount() {
            return hub.streamCount();
        }

        @Override
        public long diskFreeBytes() {
            return data.freeBytes();
        }

        @Override
        public List<String> alarms() {
            return readiness.alarms();
        }

        @Override
        public boolean ready() {
            return readiness.isReady();
        }
    }

    /** The addresses that are listened on, with ports. */
    record Listeners(Address client, Address raft, Address http) {
        /** Chooses ports where the configuration leaves that to the system, and finds out early what is in use. */
        static Listeners find(ServerConfig config) throws StartException {
            return new Listeners(
                    Ports.check("client.listen", config.client().listen()),
                    Ports.check("raft.listen", config.raft().listen()),
                    Ports.check("http.listen", config.http().listen()));
        }
    }
}
