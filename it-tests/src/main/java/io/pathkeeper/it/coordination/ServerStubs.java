package io.pathkeeper.it.coordination;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.pathkeeper.v1.ClusterServiceGrpc;
import io.pathkeeper.v1.ElectionServiceGrpc;
import io.pathkeeper.v1.LockServiceGrpc;
import io.pathkeeper.v1.MaintenanceServiceGrpc;
import io.pathkeeper.v1.ObserveServiceGrpc;
import io.pathkeeper.v1.SessionServiceGrpc;
import io.pathkeeper.v1.StoreServiceGrpc;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Generated stubs of one server, with a time limit for each call. Safe to use from any thread; close it at the end. */
public final class ServerStubs implements AutoCloseable {
    private static final int MAX_MESSAGE_BYTES = 8 << 20;

    private final String address;
    private final ManagedChannel channel;

    /** Connects with the first call to an address, {@code host:port}. */
    public ServerStubs(String address) {
        this(address, NettyChannelBuilder.DEFAULT_FLOW_CONTROL_WINDOW);
    }

    /** The same with a flow-control window in bytes: what a server may send before it is read. */
    public ServerStubs(String address, int window) {
        this.address = address;
        this.channel = NettyChannelBuilder.forTarget(address)
                .usePlaintext()
                .flowControlWindow(window)
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .build();
    }

    /** Its address. */
    public String address() {
        return address;
    }

    /** Tries to connect at once if the next try is put off because the last ones failed. */
    public void reconnectNow() {
        channel.resetConnectBackoff();
    }

    /** Blocking calls to the store. */
    public StoreServiceGrpc.StoreServiceBlockingStub store(Duration limit) {
        return StoreServiceGrpc.newBlockingStub(channel).withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Blocking calls about sessions. */
    public SessionServiceGrpc.SessionServiceBlockingStub sessions(Duration limit) {
        return SessionServiceGrpc.newBlockingStub(channel).withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Calls to the store that return futures. */
    public StoreServiceGrpc.StoreServiceFutureStub storeFutures(Duration limit) {
        return StoreServiceGrpc.newFutureStub(channel).withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Calls about sessions that return futures. */
    public SessionServiceGrpc.SessionServiceFutureStub sessionFutures(Duration limit) {
        return SessionServiceGrpc.newFutureStub(channel).withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Keep-alive streams, without a time limit. */
    public SessionServiceGrpc.SessionServiceStub keepAlives() {
        return SessionServiceGrpc.newStub(channel);
    }

    /** Blocking calls and streams about locks. */
    public LockServiceGrpc.LockServiceBlockingStub locks(Duration limit) {
        return LockServiceGrpc.newBlockingStub(channel).withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Blocking calls and streams about elections. */
    public ElectionServiceGrpc.ElectionServiceBlockingStub elections(Duration limit) {
        return ElectionServiceGrpc.newBlockingStub(channel).withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Blocking streams of changes. */
    public ObserveServiceGrpc.ObserveServiceBlockingStub observations(Duration limit) {
        return ObserveServiceGrpc.newBlockingStub(channel).withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Blocking calls about the cluster and its members. */
    public ClusterServiceGrpc.ClusterServiceBlockingStub cluster(Duration limit) {
        return ClusterServiceGrpc.newBlockingStub(channel).withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Blocking calls about the server itself. */
    public MaintenanceServiceGrpc.MaintenanceServiceBlockingStub maintenance(Duration limit) {
        return MaintenanceServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The stable reason inside a status; empty when it carries none. */
    public static String reasonOf(StatusRuntimeException error) {
        return infoOf(error).getReason();
    }

    /** What a status tells beside its reason. */
    public static Map<String, String> metadataOf(StatusRuntimeException error) {
        return infoOf(error).getMetadataMap();
    }

    private static ErrorInfo infoOf(StatusRuntimeException error) {
        com.google.rpc.Status status = StatusProto.fromThrowable(error);
        if (status == null) {
            return ErrorInfo.getDefaultInstance();
        }
        return status.getDetailsList().stream()
                .filter(detail -> detail.is(ErrorInfo.class))
                .map(detail -> {
                    try {
                        return detail.unpack(ErrorInfo.class);
                    } catch (InvalidProtocolBufferException e) {
                        throw new IllegalStateException("an ErrorInfo that cannot be read", e);
                    }
                })
                .findFirst()
                .orElse(ErrorInfo.getDefaultInstance());
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
