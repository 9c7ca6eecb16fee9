package io.pathkeeper.server.rpc;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.pathkeeper.server.audit.AuditLog;
import io.pathkeeper.server.auth.Gatekeeper;
import io.pathkeeper.server.config.ConfigLoader;
import io.pathkeeper.server.config.ServerConfig;
import io.pathkeeper.server.logging.LogLevels;
import io.pathkeeper.server.metrics.ServerMeters;
import io.pathkeeper.server.store.ClusterAlarms;
import io.pathkeeper.server.store.StoreService;
import io.pathkeeper.server.tracing.Tracing;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.StoreServiceGrpc;
import io.pathkeeper.v1.Value;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;

/** A gRPC server on a free port over a {@link DirectStore}, and a channel to it. */
final class WireFixture implements AutoCloseable {
    final DirectStore direct;
    final StoreService store;
    final ServerMeters meters = new ServerMeters("test", "none", RpcServer.methodNames());
    final AuditLog audit;
    final Gatekeeper keeper;
    final RpcServer server;
    final ManagedChannel channel;
    final StoreServiceGrpc.StoreServiceBlockingStub stub;

    WireFixture(Map<String, String> settings) throws IOException {
        ConfigLoader loader = new ConfigLoader().set("client.listen", "127.0.0.1:0", "test");
        settings.forEach((key, value) -> loader.set(key, value, "test"));
        ServerConfig config = loader.load();
        direct = new DirectStore(config.limits().waitingCalls());
        store = new StoreService(direct, direct, direct, direct, config.limits().pinnedViews());
        audit = new AuditLog(config.audit(), meters.audit());
        keeper = new Gatekeeper(config.auth(), DirectStore.CLUSTER, direct::view, direct::isCaughtUp);
        Gate gate = new Gate(keeper, audit, meters.auth(), config.auth().signInLife());
        server = RpcServer.start(
                config,
                store,
                direct,
                new Headers(direct),
                meters.rpc(),
                Tracing.OFF,
                new Facts(),
                direct.coordination(meters),
                direct.backups(meters),
                gate,
                List.of(),
                Edges.plain(config));
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                .maxInboundMessageSize(4 << 20)
                .build();
        stub = StoreServiceGrpc.newBlockingStub(channel);
    }

    WireFixture() throws IOException {
        this(Map.of());
    }

    StoreServiceGrpc.StoreServiceBlockingStub soon() {
        return stub.withDeadlineAfter(10, TimeUnit.SECONDS);
    }

    void create(String path, String text) {
        soon().create(CreateRequest.newBuilder()
                .setPath(path)
                .setData(text(text))
                .setCreateParents(true)
                .build());
    }

    static Payload text(String text) {
        return Payload.newBuilder()
                .setValue(Value.newBuilder().setStringValue(text))
                .build();
    }

    /** The error that a call ends with; fails when it ends well. */
    static StatusRuntimeException errorOf(Runnable call) {
        return Assertions.catchThrowableOfType(StatusRuntimeException.class, call::run);
    }

    static ErrorInfo infoOf(StatusRuntimeException error) {
        return infoOf(StatusProto.fromThrowable(error));
    }

    static ErrorInfo infoOf(com.google.rpc.Status status) {
        for (Any detail : status.getDetailsList()) {
            if (detail.is(ErrorInfo.class)) {
                try {
                    return detail.unpack(ErrorInfo.class);
                } catch (InvalidProtocolBufferException e) {
                    throw new AssertionError(e);
                }
            }
        }
        throw new AssertionError("no ErrorInfo in " + status);
    }

    static String reasonOf(Runnable call) {
        return infoOf(errorOf(call)).getReason();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.close();
        store.close();
        direct.close();
        audit.close();
        meters.close();
    }

    private static final class Facts implements ProcessFacts {
        private final LogLevels levels = new LogLevels(System::currentTimeMillis);

        @Override
        public String version() {
            return "1.2.3";
        }

        @Override
        public long uptimeMillis() {
            return 1234;
        }

        @Override
        public long observationCount() {
            return 3;
        }

        @Override
        public long diskFreeBytes() {
            return 99;
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
