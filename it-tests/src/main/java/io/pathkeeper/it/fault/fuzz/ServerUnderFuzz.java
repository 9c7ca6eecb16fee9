package io.pathkeeper.it.fault.fuzz;

import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.pathkeeper.server.audit.AuditLog;
import io.pathkeeper.server.auth.Gatekeeper;
import io.pathkeeper.server.config.ConfigLoader;
import io.pathkeeper.server.config.ServerConfig;
import io.pathkeeper.server.coordination.LockEntry;
import io.pathkeeper.server.coordination.LockMode;
import io.pathkeeper.server.id.SessionKey;
import io.pathkeeper.server.logging.LogLevels;
import io.pathkeeper.server.metrics.ServerMeters;
import io.pathkeeper.server.observe.ObserveHub;
import io.pathkeeper.server.observe.ObserveLimits;
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
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.store.ClusterAlarms;
import io.pathkeeper.server.store.StoreService;
import io.pathkeeper.server.tracing.Tracing;
import io.pathkeeper.server.tree.ZnodeKind;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.ValueEncoding;
import io.pathkeeper.server.wire.ClientEdge;
import io.pathkeeper.server.wire.ConnectionGate;
import io.pathkeeper.server.wire.Cuts;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * All services of a server with everything that stands around them, over an {@link InlineStore}. It listens on a port of 127.0.0.1 that nobody calls: calls are
 * given to {@link #method}, as the transport would give them.
 */
final class ServerUnderFuzz implements AutoCloseable {
    private static final MethodHandle SERVER = Hidden.getter("rpc.RpcServer", "server");
    private static final MethodHandle INTERCEPTORS = Hidden.getter("io.grpc.internal.ServerImpl", "interceptors");
    private static final SessionKey SESSION = new SessionKey(1, new byte[Session.SECRET_BYTES]);
    private static final byte[] VALUE =
            ValueEncoding.encode(ProductSeeds.values().get(8));
    /** Revisions at which a lock and a leadership are granted when the server is filled. */
    static final long TOKEN_OF_LOCK = 8;

    static final long TERM_OF_ELECTION = 9;
    private static final int WAITING_CALLS = 1_000;
    private static final long LEFT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final ServerMeters meters = new ServerMeters("fuzz", "none", RpcServer.methodNames());
    private final LogLevels levels = new LogLevels(System::currentTimeMillis);
    private final ObserveHub hub = new ObserveHub(ObserveLimits.DEFAULT, meters.observe(), System::nanoTime);
    private final InlineStore direct;
    private final StoreService store;
    private final RpcServer server;
    private final Map<String, ServerMethodDefinition<?, ?>> methods = new HashMap<>();

    /** Makes a store; tests plant their faults in one. */
    @FunctionalInterface
    interface StoreMaker {
        InlineStore make(ObserveHub hub, LockWatches watches, Troubles troubles);
    }

    ServerUnderFuzz(StoreMaker maker, Troubles troubles) throws IOException {
        ServerConfig config =
                new ConfigLoader().set("client.listen", "127.0.0.1:0", "fuzzer").load();
        direct = maker.make(hub, new LockWatches(WAITING_CALLS), troubles);
        store = new StoreService(direct, direct, direct, direct, config.limits().pinnedViews());
        Headers headers = new Headers(direct);
        hub.start(direct, new ObserveFrames(headers, Owners.of(direct)));
        server = RpcServer.start(
                config,
                store,
                direct,
                headers,
                meters.rpc(),
                Tracing.OFF,
                new Facts(levels),
                new Coordination(direct, direct.watches, meters.sessions()),
                new BackupSource(direct, "fuzz", InlineStore.MEMBER, "1", System::currentTimeMillis, meters.backups()),
                new Gate(
                        new Gatekeeper(config.auth(), "fuzz", direct::view, () -> true),
                        new AuditLog(config.audit(), meters.audit()),
                        meters.auth(),
                        config.auth().signInLife()),
                List.of(new ObserveEndpoint(hub, direct, headers)),
                new ClientEdge(
                        null, new ConnectionGate(1, 1, config.limits().handshake(), System::nanoTime), new Cuts()));
        try {
            findMethods();
            fill();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void findMethods() {
        try {
            Server grpc = (Server) SERVER.invoke(server);
            ServerInterceptor[] around = (ServerInterceptor[]) INTERCEPTORS.invoke(grpc);
            for (ServerServiceDefinition service : grpc.getImmutableServices()) {
                ServerInterceptors.intercept(service, around)
                        .getMethods()
                        .forEach(method ->
                                methods.put(method.getMethodDescriptor().getFullMethodName(), method));
            }
        } catch (Throwable e) {
            throw new IllegalStateException("the services of the server", e);
        }
    }

    /** What requests name: sessions, znodes, records of access, a quota, a lock and a leadership. */
    private void fill() {
        for (int i = 0; i < 2; i++) {
            apply(new Command.CreateSession(
                    new byte[Session.SECRET_BYTES], 300_000, "s1", new TreeMap<>(), "127.0.0.1:1"));
        }
        for (String path : List.of("/a", "/a/b", "/c", "/q")) {
            apply(create(path, ZnodeKind.PERSISTENT, null));
        }
        apply(create("/c/e", ZnodeKind.EPHEMERAL, SESSION));
        expect(TOKEN_OF_LOCK, apply(acquire("/l", false)));
        expect(TERM_OF_ELECTION, apply(acquire("/e", true)));
    }

    private CommandResult apply(Command command) {
        CommandResult result = direct.apply(command, null);
        if (result instanceof CommandResult.Rejected) {
            throw new IllegalStateException("the server of the fuzzer cannot be filled: " + result);
        }
        return result;
    }

    private static void expect(long token, CommandResult result) {
        LockEntry entry = result instanceof CommandResult.Acquired acquired ? acquired.entry() : null;
        if (entry == null || entry.token() != token) {
            throw new IllegalStateException("good requests have the token " + token + ", granted was " + result);
        }
    }

    private static Command acquire(String path, boolean election) {
        byte[] value = election ? VALUE : new byte[0];
        return new Command.Acquire(
                ZnodePath.parse(path), election, SESSION, "h", LockMode.EXCLUSIVE, 0, 0, 0, "", value, false);
    }

    private static Command create(String path, ZnodeKind kind, @Nullable SessionKey session) {
        return new Command.Create(
                ZnodePath.parse(path), kind, VALUE, "", false, ZnodeKind.PERSISTENT, 0, false, session, false);
    }

    /** A call of the API, with everything that stands around it. */
    ServerMethodDefinition<?, ?> method(String fullName) {
        ServerMethodDefinition<?, ?> method = methods.get(fullName);
        if (method == null) {
            throw new IllegalStateException("the server has no " + fullName);
        }
        return method;
    }

    long revision() {
        return direct.view().revision();
    }

    /** Fails when the state is not right, or calls that are over have left something behind. */
    void check() throws BrokenPromiseException {
        direct.check();
        long end = System.nanoTime() + LEFT_NANOS;
        while (direct.watches.callCount() > 0 || hub.isObserved()) {
            if (System.nanoTime() - end > 0) {
                throw new BrokenPromiseException(direct.watches.callCount() + " calls that wait for locks and "
                        + hub.streamCount() + " observations are left behind by calls that are over");
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        hub.close();
        server.close();
        store.close();
        levels.close();
        meters.close();
    }

    private record Facts(LogLevels logLevels) implements ProcessFacts {
        @Override
        public String version() {
            return "1";
        }

        @Override
        public long uptimeMillis() {
            return 1;
        }

        @Override
        public long observationCount() {
            return 1;
        }

        @Override
        public long diskFreeBytes() {
            return 1;
        }

        @Override
        public List<String> alarms() {
            return List.of("an alarm");
        }

        @Override
        public ClusterAlarms clusterAlarms() {
            return listener -> listener.accept(new ClusterAlarms.Listing(
                    List.of(new ClusterAlarms.OfMember(
                            InlineStore.MEMBER, new ClusterAlarms.Standing("NOSPACE", "/data", "full", 1))),
                    List.of("s2")));
        }

        @Override
        public boolean ready() {
            return true;
        }
    }
}
