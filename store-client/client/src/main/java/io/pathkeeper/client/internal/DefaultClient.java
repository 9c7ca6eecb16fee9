package io.pathkeeper.client.internal;

import io.pathkeeper.client.AsyncStore;
import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.Store;
import io.pathkeeper.client.access.Access;
import io.pathkeeper.client.cluster.Logs;
import io.pathkeeper.client.cluster.Members;
import io.pathkeeper.client.cluster.Quotas;
import io.pathkeeper.client.coordination.Elections;
import io.pathkeeper.client.coordination.Locks;
import io.pathkeeper.client.observe.Observation;
import io.pathkeeper.client.observe.ObserveFrame;
import io.pathkeeper.client.observe.ObserveListener;
import io.pathkeeper.client.observe.ObserveRequest;
import io.pathkeeper.client.session.Sessions;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The client: makes its parts, starts them and ends them in order. Five kinds of connection, so that none starves another: one for the
 * pipeline, one for observations, one for scans and questions about the cluster, one for sessions, locks and elections, and one for
 * keep-alives. Each connects when it is first needed.
 */
public final class DefaultClient implements PathkeeperClient {
    private final String clientId = UUID.randomUUID().toString();
    private final SeenRevision seen = new SeenRevision();
    private final OpenCalls openCalls = new OpenCalls();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Transport transport;
    private final ClientSettings settings;
    private final RotatingChannel scanChannel;
    private final RotatingChannel observeChannel;
    private final RotatingChannel coordinationChannel;
    private final RotatingChannel keepAliveChannel;
    private final SessionKeeper keeper;
    private final DefaultSessions sessions;
    private final Locks locks;
    private final Elections elections;
    private final Access access;
    private final Members members;
    private final Logs logs;
    private final Quotas quotas;
    private final PipelineEngine engine;
    private final Observations observations;
    private final DefaultAsyncStore async;
    private final Store store;

    /** Makes a client and begins to connect. */
    public DefaultClient(ClientSettings settings) {
        this.settings = settings;
        this.transport = new Transport(settings.tls(), settings.credentials());
        ServerDirectory directory = new ServerDirectory(settings.servers(), System::nanoTime);
        Refusals refusals =
                new Refusals(directory::candidates, settings.connectTimeout().toNanos(), System::nanoTime);
        this.scanChannel = new RotatingChannel(transport, directory);
        this.observeChannel = new RotatingChannel(transport, directory);
        this.coordinationChannel = new RotatingChannel(transport, directory);
        this.keepAliveChannel = new RotatingChannel(transport, directory);
        Callbacks callbacks = newCallbacks();
        this.engine = new PipelineEngine(clientId, settings, seen, transport, directory, refusals, callbacks);
        this.observations = new Observations(
                transport, observeChannel, seen, openCalls, settings.monotonicReads(), this::newCallbacks);
        Scans scans = new Scans(transport, scanChannel, seen, openCalls, settings.monotonicReads(), this::newCallbacks);
        UnaryCalls calls = new UnaryCalls(transport, scanChannel, refusals, openCalls, callbacks);
        this.async = new DefaultAsyncStore(engine, calls, scans, settings.requestTimeout());
        this.store = new BlockingStore(async);
        UnaryCalls coordination = new UnaryCalls(transport, coordinationChannel, refusals, openCalls, newCallbacks());
        RequestIds requestIds = new RequestIds(clientId + "-coordination");
        this.keeper = new SessionKeeper(new GrpcKeepAliveLink(keepAliveChannel), System::nanoTime);
        this.sessions = new DefaultSessions(
                coordination,
                requestIds,
                keeper,
                transport.threads("sessions"),
                this::newCallbacks,
                settings.requestTimeout().toNanos(),
                System::nanoTime);
        CoordinationCalls shared = new CoordinationCalls(
                coordination,
                requestIds,
                new ResumingCall.Context(transport, coordinationChannel, openCalls),
                this::newCallbacks,
                settings.requestTimeout().toNanos());
        this.locks = new DefaultLocks(shared);
        this.elections = new DefaultElections(shared);
        this.access = new DefaultAccess(calls, settings.requestTimeout());
        this.members = new DefaultMembers(calls, settings.requestTimeout());
        this.logs = new DefaultLogs(calls, settings.requestTimeout());
        this.quotas = new DefaultQuotas(calls, settings.requestTimeout());
        engine.start();
    }

    private Callbacks newCallbacks() {
        Executor chosen = settings.callbackExecutor();
        return new Callbacks(chosen == null ? transport.workers() : chosen, transport.workers());
    }

    @Override
    public AsyncStore async() {
        return async;
    }

    @Override
    public Store store() {
        return store;
    }

    @Override
    public Sessions sessions() {
        return sessions;
    }

    @Override
    public Locks locks() {
        return locks;
    }

    @Override
    public Elections elections() {
        return elections;
    }

    @Override
    public Access access() {
        return access;
    }

    @Override
    public Members members() {
        return members;
    }

    @Override
    public Logs logs() {
        return logs;
    }

    @Override
    public Quotas quotas() {
        return quotas;
    }

    @Override
    public Observation observe(ObserveRequest request, ObserveListener listener) {
        return observations.observe(request, listener);
    }

    @Override
    public Flow.Publisher<ObserveFrame> observe(ObserveRequest request) {
        return observations.observe(request);
    }

    @Override
    public String clientId() {
        return clientId;
    }

    @Override
    public long lastSeenRevision() {
        return seen.get();
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        boolean wait = !Callbacks.inCallback();
        openCalls.close();
        keeper.close();
        engine.close(wait);
        observeChannel.close();
        coordinationChannel.close();
        keepAliveChannel.close();
        scanChannel.close();
        transport.close(wait);
    }
}
