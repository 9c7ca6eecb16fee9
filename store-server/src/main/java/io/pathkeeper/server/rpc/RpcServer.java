package io.pathkeeper.server.rpc;

import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.pathkeeper.server.config.ServerConfig;
import io.pathkeeper.server.metrics.RpcMeters;
import io.pathkeeper.server.state.StateLimits;
import io.pathkeeper.server.store.MembershipControl;
import io.pathkeeper.server.store.StoreService;
import io.pathkeeper.server.tracing.Tracing;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.ValueLimits;
import io.pathkeeper.server.wire.ClientEdge;
import io.pathkeeper.v1.AuthServiceGrpc;
import io.pathkeeper.v1.ClusterServiceGrpc;
import io.pathkeeper.v1.ElectionServiceGrpc;
import io.pathkeeper.v1.Limits;
import io.pathkeeper.v1.LockServiceGrpc;
import io.pathkeeper.v1.MaintenanceServiceGrpc;
import io.pathkeeper.v1.ObserveServiceGrpc;
import io.pathkeeper.v1.SessionServiceGrpc;
import io.pathkeeper.v1.StoreServiceGrpc;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * The gRPC server: binds one address and serves all services with the limits of the configuration.
 *
 * <p>Calls are read on the transport's threads; a small pool of workers, {@code rpc-worker-N}, builds and sends what the store's
 * threads made possible. Life: {@link #start}, {@link #setServing} as readiness changes, {@link #close}.
 */
public final class RpcServer implements AutoCloseable {
    /** Messages beyond the limit of a request are read up to this much more, so that they can be refused with a reason. */
    private static final int MARGIN_BYTES = 1 << 20;

    private static final long SCAN_IDLE_SECONDS = 60;
    private static final long DRAIN_SECONDS = 2;
    /** Calls that wait or stream end at most so long after their rights have gone. */
    private static final long RULES_MILLIS = 100;

    private static final List<String> SERVICES = List.of(
            "",
            StoreServiceGrpc.SERVICE_NAME,
            ObserveServiceGrpc.SERVICE_NAME,
            ClusterServiceGrpc.SERVICE_NAME,
            MaintenanceServiceGrpc.SERVICE_NAME,
            SessionServiceGrpc.SERVICE_NAME,
            LockServiceGrpc.SERVICE_NAME,
            ElectionServiceGrpc.SERVICE_NAME,
            AuthServiceGrpc.SERVICE_NAME);

    private final Server server;
    private final ClientPort edge;
    private final HealthStatusManager health;
    private final ExecutorService workers;
    private final ScheduledExecutorService timer;
    private final SignIns signIns;
    private final BackupCalls backups;
    private final int port;

    private RpcServer(
            Server server,
            ClientPort edge,
            HealthStatusManager health,
            ExecutorService workers,
            ScheduledExecutorService timer,
            SignIns signIns,
            BackupCalls backups) {
        this.backups = backups;
        this.server = server;
        this.edge = edge;
        this.health = health;
        this.workers = workers;
        this.timer = timer;
        this.signIns = signIns;
        port = server.getPort();
    }

    /**
     * Binds and serves; health says NOT_SERVING until {@link #setServing}.
     *
     * @param config addresses and limits
     * @param store the store
     * @param membership changes the members
     * @param headers makes response headers
     * @param meters counts
     * @param tracing makes the spans of calls
     * @param facts of the process
     * @param coordination for sessions, locks and elections; its watches are started here
     * @param source what backups are made of
     * @param gate who may do what
     * @param more further services, ObserveService among them
     * @param edge how clients come in
     * @throws IOException when the address cannot be bound
     */
    public static RpcServer start(
            ServerConfig config,
            StoreService store,
            MembershipControl membership,
            Headers headers,
            RpcMeters meters,
            Tracing tracing,
            ProcessFacts facts,
            Coordination coordination,
            BackupSource source,
            Gate gate,
            List<BindableService> more,
            ClientEdge edge)
            throws IOException {
        AtomicInteger number = new AtomicInteger();
        int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
        // its queue holds at most one task for each call under way; behind the stop nobody is answered any more
        ExecutorService workers = new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> daemon(task, "rpc-worker-" + number.incrementAndGet()),
                new ThreadPoolExecutor.DiscardPolicy());
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> daemon(task, "rpc-timer"));
        timer.setRemoveOnCancelPolicy(true);
        ScanRegistry scans = new ScanRegistry(config.limits().scans(), TimeUnit.SECONDS.toNanos(SCAN_IDLE_SECONDS));
        timer.scheduleWithFixedDelay(() -> scans.sweep(System.nanoTime()), 5, 5, TimeUnit.SECONDS);
        SlowRequests slow = new SlowRequests(config.log().slowRequest(), meters);
        timer.scheduleWithFixedDelay(() -> slow.sweep(System.nanoTime()), 5, 5, TimeUnit.SECONDS);
        StoreContext context = context(config, store, headers, meters, slow, workers);
        BackupCalls backups = new BackupCalls(context, source, TimeUnit.SECONDS.toNanos(SCAN_IDLE_SECONDS));
        timer.scheduleWithFixedDelay(() -> backups.sweep(System.nanoTime()), 5, 5, TimeUnit.SECONDS);
        CoordinationContext coordinated = new CoordinationContext(
                context, coordination, new SessionRenewals(store, coordination.renewal(), timer), timer);
        coordination.watches().start(store, workers);
        SignIns signIns = new SignIns(gate);
        GateInterceptor interceptor = new GateInterceptor(
                gate.keeper(),
                gate.audit(),
                gate.meters(),
                RateLimit.of(config.limits().rate(), meters));
        timer.scheduleWithFixedDelay(interceptor::lookAgain, RULES_MILLIS, RULES_MILLIS, TimeUnit.MILLISECONDS);
        HealthStatusManager health = new HealthStatusManager();
        List<BindableService> services = new ArrayList<>(List.of(
                new StoreEndpoint(context, scans),
                new ClusterEndpoint(coordinated, membership, limits(config), facts.version()),
                new MaintenanceEndpoint(context, facts, backups),
                () -> ServerInterceptors.intercept(new SessionEndpoint(coordinated), new CallerAddress()),
                new LockEndpoint(coordinated),
                new ElectionEndpoint(coordinated),
                new AuthEndpoint(coordinated, gate.keeper(), signIns),
                health.getHealthService()));
        services.addAll(more);
        if (config.client().reflection()) {
            services.add(ProtoReflectionServiceV1.newInstance());
        }
        ClientPort port = new ClientPort(edge);
        try {
            Server server = builder(port, config, services, new CallGuard(meters, slow, tracing), interceptor)
                    .build()
                    .start();
            RpcServer started = new RpcServer(server, port, health, workers, timer, signIns, backups);
            started.setServing(false);
            return started;
        } catch (IOException | RuntimeException e) {
            port.close();
            workers.shutdownNow();
            timer.shutdownNow();
            signIns.close();
            backups.close();
            throw e;
        }
    }

    private static StoreContext context(
            ServerConfig config,
            StoreService store,
            Headers headers,
            RpcMeters meters,
            SlowRequests slow,
            ExecutorService workers) {
        StateLimits state = StateLimits.DEFAULT;
        ValueLimits plain = state.value();
        ValueLimits values = new ValueLimits(
                Math.min(config.limits().valueBytes(), plain.maxBytes()),
                plain.maxDepth(),
                plain.maxElements(),
                plain.maxKeyBytes());
        return new StoreContext(
                store,
                Owners.of(store),
                new CommandReader(values, state.maxContentTypeBytes(), state.maxTransactionOperations()),
                headers,
                meters,
                slow,
                workers,
                config.client().defaultDeadline().toNanos(),
                config.limits().pipelineOperations(),
                config.limits().pipelineBytes(),
                config.limits().requestBytes());
    }

    private static NettyServerBuilder builder(
            ClientPort port,
            ServerConfig config,
            List<BindableService> services,
            CallGuard guard,
            GateInterceptor gate) {
        int requestBytes = config.limits().requestBytes();
        NettyServerBuilder builder = port.builder(config)
                .directExecutor() // no call waits while it is read
                .intercept(gate)
                .intercept(guard) // stands around the gate: the last one is the outermost
                .maxInboundMessageSize(requestBytes + MARGIN_BYTES);
        for (BindableService service : services) {
            ServerServiceDefinition bound = service.bindService();
            bound.getMethods()
                    .forEach(method -> AccessRules.of(
                            method.getMethodDescriptor().getFullMethodName())); // none is served without a rule
            builder.addService(CheckedMarshaller.check(bound, requestBytes, port.cuts()));
        }
        return builder;
    }

    private static Limits limits(ServerConfig config) {
        StateLimits state = StateLimits.DEFAULT;
        return Limits.newBuilder()
                .setMaxValueBytes(config.limits().valueBytes())
                .setMaxPathBytes(ZnodePath.MAX_BYTES)
                .setMaxNameBytes(ZnodePath.MAX_NAME_BYTES)
                .setMaxDepth(ZnodePath.MAX_DEPTH)
                .setMaxRequestBytes(config.limits().requestBytes())
                .setMaxTransactionOperations(state.maxTransactionOperations())
                .setMaxBatchPaths(TreeReads.MAX_BATCH_PATHS)
                .setMaxPageSize(TreeReads.MAX_PAGE_SIZE)
                .setMaxRecursiveDelete(state.maxRecursiveDelete())
                .setMaxObserveTargets(ObserveRequests.MAX_TARGETS)
                .setMaxObservations(config.limits().observations())
                .build();
    }

    /** Descriptors of all services that a server has, the standard ones too. */
    public static List<ServiceDescriptor> serviceDescriptors() {
        return List.of(
                StoreServiceGrpc.getServiceDescriptor(),
                ObserveServiceGrpc.getServiceDescriptor(),
                ClusterServiceGrpc.getServiceDescriptor(),
                MaintenanceServiceGrpc.getServiceDescriptor(),
                SessionServiceGrpc.getServiceDescriptor(),
                LockServiceGrpc.getServiceDescriptor(),
                ElectionServiceGrpc.getServiceDescriptor(),
                AuthServiceGrpc.getServiceDescriptor(),
                HealthGrpc.getServiceDescriptor(),
                ServerReflectionGrpc.getServiceDescriptor());
    }

    /** Full names of all methods of the API, for the meters. */
    public static Set<String> methodNames() {
        return serviceDescriptors().stream()
                .filter(service -> !service.getName().startsWith("grpc."))
                .flatMap(service -> service.getMethods().stream())
                .map(MethodDescriptor::getFullMethodName)
                .collect(Collectors.toSet());
    }

    /** The port that is served. */
    public int port() {
        return port;
    }

    /** Tells health checks whether linearizable reads and writes are answered. */
    public void setServing(boolean serving) {
        for (String service : SERVICES) {
            health.setStatus(service, serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
        }
    }

    /** The authorities of clients have changed: ends the connections of those that they do not sign. */
    public void judgeCertificatesAnew() {
        edge.judgeAnew();
    }

    /** Takes no new calls, gives those under way two seconds, then ends them. */
    @Override
    public void close() {
        health.enterTerminalState();
        server.shutdown();
        try {
            if (!server.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS)) {
                server.shutdownNow();
                server.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        edge.close();
        timer.shutdownNow();
        signIns.close();
        backups.close();
        workers.shutdown();
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
