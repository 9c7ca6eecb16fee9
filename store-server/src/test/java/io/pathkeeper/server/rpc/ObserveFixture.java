package io.pathkeeper.server.rpc;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.pathkeeper.server.audit.AuditLog;
import io.pathkeeper.server.auth.Gatekeeper;
import io.pathkeeper.server.config.ConfigLoader;
import io.pathkeeper.server.config.ServerConfig;
import io.pathkeeper.server.coordination.LockTable;
import io.pathkeeper.server.logging.LogLevels;
import io.pathkeeper.server.metrics.ServerMeters;
import io.pathkeeper.server.observe.ObserveHub;
import io.pathkeeper.server.observe.ObserveLimits;
import io.pathkeeper.server.session.SessionTable;
import io.pathkeeper.server.state.ChangeHistory;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.state.RevisionChanges;
import io.pathkeeper.server.state.RevisionDigest;
import io.pathkeeper.server.state.StateLimits;
import io.pathkeeper.server.state.StoreState;
import io.pathkeeper.server.store.AppliedState;
import io.pathkeeper.server.store.ClusterAlarms;
import io.pathkeeper.server.store.StoreService;
import io.pathkeeper.server.tracing.Tracing;
import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.ValueEncoding;
import io.pathkeeper.v1.ObserveRequest;
import io.pathkeeper.v1.ObserveResponse;
import io.pathkeeper.v1.ObserveScope;
import io.pathkeeper.v1.ObserveServiceGrpc;
import io.pathkeeper.v1.ObserveTarget;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A real hub over a real state behind a real gRPC server on a free port, and one channel to it. The test's thread applies. */
final class ObserveFixture implements AutoCloseable, AppliedState {
    /** Says a warning for every frame that was on its way to an observer who left. Held here, or its level is forgotten. */
    private static final Logger STREAM_ERRORS =
            Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerHandler");

    final ServerMeters meters = new ServerMeters("test", "none", RpcServer.methodNames());
    final ObserveHub hub;
    final ManagedChannel channel;
    private final DirectStore direct = new DirectStore();
    private final StoreService store;
    private final RpcServer server;
    private final StoreState state;
    private long millis = 1;

    @Nullable
    Consumer<RevisionChanges> recorder;

    ObserveFixture(ObserveLimits limits, StateLimits stateLimits) throws IOException {
        STREAM_ERRORS.setLevel(Level.SEVERE);
        state = StoreState.create(stateLimits);
        hub = new ObserveHub(limits, meters.observe(), System::nanoTime);
        Headers headers = new Headers(direct);
        hub.start(this, new ObserveFrames(headers, Owners.of(this)));
        ServerConfig config =
                new ConfigLoader().set("client.listen", "127.0.0.1:0", "test").load();
        store = new StoreService(direct, direct, direct, direct, 10);
        ObserveEndpoint endpoint = new ObserveEndpoint(hub, new AppliedBarrier(this), headers);
        server = RpcServer.start(
                config,
                store,
                direct,
                headers,
                meters.rpc(),
                Tracing.OFF,
                new NoFacts(),
                direct.coordination(meters),
                direct.backups(meters),
                new Gate(
                        new Gatekeeper(config.auth(), DirectStore.CLUSTER, direct::view, direct::isCaughtUp),
                        new AuditLog(config.audit(), meters.audit()),
                        meters.auth(),
                        config.auth().signInLife()),
                List.of(endpoint),
                Edges.plain(config));
        channel = channel();
    }

    ObserveFixture() throws IOException {
        this(ObserveLimits.DEFAULT, StateLimits.DEFAULT);
    }

    static StateLimits shortHistory(int revisions) {
        return StateLimits.DEFAULT.withHistory(new StateLimits.History(1, revisions, 64L << 20));
    }

    ManagedChannel channel() {
        return NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                .build();
    }

    int port() {
        return server.port();
    }

    /** Applies one entry and publishes it; the revision behind it. */
    synchronized long commit(Command... commands) {
        millis += 10;
        state.beginEntry(1, 1_700_000_000_000L + millis, millis);
        CommandResult.@Nullable Rejected rejected = null;
        for (Command command : commands) {
            CommandResult result = state.apply(command, null);
            rejected = result instanceof CommandResult.Rejected refusal ? refusal : rejected;
        }
        List<RevisionChanges> changes = state.endEntry();
        Consumer<RevisionChanges> to = recorder;
        if (to != null) {
            changes.forEach(to);
        }
        if (!changes.isEmpty()) {
            hub.published(changes);
        }
        if (rejected != null) {
            throw new IllegalArgumentException(rejected.toString());
        }
        return state.view().revision();
    }

    static Command set(String path, byte[] value) {
        return new Command.Set(ZnodePath.parse(path), value, "", Command.ANY, Command.ANY, true, false, false);
    }

    static Command set(String path, String value) {
        return set(path, ValueEncoding.ofString(value));
    }

    static Command create(String path, String value) {
        return new Command.Create(
                ZnodePath.parse(path),
                ZnodeKind.PERSISTENT,
                ValueEncoding.ofString(value),
                "",
                false,
                ZnodeKind.PERSISTENT,
                0,
                false,
                null,
                false);
    }

    static Command delete(String path) {
        return new Command.Delete(ZnodePath.parse(path), true, Command.ANY, Command.ANY, false);
    }

    @Override
    public SessionTable sessions() {
        return state.sessions();
    }

    @Override
    public LockTable locks() {
        return state.locks();
    }

    @Override
    public RevisionDigest digest() {
        return state.digest();
    }

    @Override
    public TreeView view() {
        return state.view();
    }

    @Override
    public ChangeHistory history() {
        return state.history();
    }

    static ObserveRequest.Builder request(String path, ObserveScope scope) {
        return ObserveRequest.newBuilder()
                .addTargets(ObserveTarget.newBuilder().setPath(path).setScope(scope));
    }

    static ObserveRequest.Builder subtree(String path) {
        return request(path, ObserveScope.OBSERVE_SCOPE_SUBTREE);
    }

    /** Observes and takes everything as it comes. */
    Stream observe(ObserveRequest.Builder request) {
        return observe(request, Integer.MAX_VALUE);
    }

    /** Observes and takes at most so many frames until {@link Stream#take} allows more. */
    Stream observe(ObserveRequest.Builder request, int frames) {
        Stream stream = new Stream(frames);
        ObserveServiceGrpc.newStub(channel).observe(request.build(), stream);
        return stream;
    }

    /** The client's end of an observation: a queue of frames and how it ended. */
    static final class Stream implements ClientResponseObserver<ObserveRequest, ObserveResponse> {
        private final int initial;
        private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();
        private @Nullable ClientCallStreamObserver<ObserveRequest> call;

        Stream(int initial) {
            this.initial = initial;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<ObserveRequest> observer) {
            call = observer;
            observer.disableAutoRequestWithInitial(initial);
        }

        void take(int frames) {
            call().request(frames);
        }

        void cancel() {
            call().cancel("the test goes away", null);
        }

        private ClientCallStreamObserver<ObserveRequest> call() {
            ClientCallStreamObserver<ObserveRequest> started = call;
            if (started == null) {
                throw new IllegalStateException("not started");
            }
            return started;
        }

        @Override
        public void onNext(ObserveResponse response) {
            received.add(response);
        }

        @Override
        public void onError(Throwable failure) {
            received.add(failure);
        }

        @Override
        public void onCompleted() {
            received.add(Status.OK);
        }

        /** The next frame; fails when the stream ends or nothing comes for ten seconds. */
        ObserveResponse next() {
            Object one = poll();
            if (one instanceof ObserveResponse response) {
                return response;
            }
            throw new AssertionError("the stream ended: " + one);
        }

        /** The next frame that is no progress. */
        ObserveResponse nextNews() {
            ObserveResponse frame = next();
            while (frame.hasProgress()) {
                frame = next();
            }
            return frame;
        }

        /** What the stream ends with; fails when a frame comes. */
        StatusRuntimeException error() {
            Object one = poll();
            if (one instanceof StatusRuntimeException error) {
                return error;
            }
            throw new AssertionError("expected an error, but there came " + one);
        }

        boolean endsWell() {
            return poll() == Status.OK;
        }

        /** The next frame, or what the stream ended with. */
        Object poll() {
            try {
                Object one = received.poll(10, TimeUnit.SECONDS);
                if (one == null) {
                    throw new AssertionError("nothing came for ten seconds");
                }
                return one;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }

        int waiting() {
            return received.size();
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        hub.close();
        server.close();
        store.close();
        direct.close();
        meters.close();
    }

    private static final class NoFacts implements ProcessFacts {
        private final LogLevels levels = new LogLevels(System::currentTimeMillis);

        @Override
        public String version() {
            return "1.2.3";
        }

        @Override
        public long uptimeMillis() {
            return 0;
        }

        @Override
        public long observationCount() {
            return 0;
        }

        @Override
        public long diskFreeBytes() {
            return 0;
        }

        @Override
        public List<String> alarms() {
            return List.of();
        }

        @Override
        public LogLevels logLevels() {
            return levels;
        }

        @Override
        public ClusterAlarms clusterAlarms() {
            return listener -> listener.accept(new ClusterAlarms.Listing(List.of(), List.of()));
        }

        @Override
        public boolean ready() {
            return true;
        }
    }
}
