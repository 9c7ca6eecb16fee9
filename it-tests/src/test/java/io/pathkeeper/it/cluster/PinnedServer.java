package io.pathkeeper.it.cluster;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.pathkeeper.it.coordination.ServerStubs;
import io.pathkeeper.v1.GetMemberStatusRequest;
import io.pathkeeper.v1.GetMemberStatusResponse;
import io.pathkeeper.v1.MaintenanceServiceGrpc;
import io.pathkeeper.v1.ObserveServiceGrpc;
import io.pathkeeper.v1.StoreServiceGrpc;
import io.pathkeeper.v1.SyncRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Generated stubs on a connection to one server: never moves to another one, repeats nothing, hides nothing. Safe to use from any
 * thread; close it at the end.
 */
public final class PinnedServer implements AutoCloseable {
    private static final Duration CALL_LIMIT = Duration.ofSeconds(10);
    private static final Duration STATUS_LIMIT = Duration.ofSeconds(1);
    private static final int MAX_MESSAGE_BYTES = 8 << 20;

    private final String member;
    private final ManagedChannel channel;

    PinnedServer(String member, String address) {
        this.member = member;
        this.channel = NettyChannelBuilder.forTarget(address)
                .usePlaintext()
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .directExecutor()
                .build();
    }

    /** Name of the server. */
    public String member() {
        return member;
    }

    /** Blocking calls with a time limit of 10 s each. */
    public StoreServiceGrpc.StoreServiceBlockingStub store() {
        return store(CALL_LIMIT);
    }

    /** Blocking calls with a time limit each. */
    public StoreServiceGrpc.StoreServiceBlockingStub store(Duration limit) {
        return StoreServiceGrpc.newBlockingStub(channel).withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Calls that return futures, with a time limit each. */
    public StoreServiceGrpc.StoreServiceFutureStub futures(Duration limit) {
        return StoreServiceGrpc.newFutureStub(channel).withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Streaming calls, without a time limit. */
    public StoreServiceGrpc.StoreServiceStub streams() {
        return StoreServiceGrpc.newStub(channel);
    }

    /** Observations, without a time limit. */
    public ObserveServiceGrpc.ObserveServiceStub observations() {
        return ObserveServiceGrpc.newStub(channel);
    }

    /** The state that the server tells of itself. */
    public GetMemberStatusResponse status() {
        return MaintenanceServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(STATUS_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .getMemberStatus(GetMemberStatusRequest.getDefaultInstance());
    }

    /** The leader as this server knows it; empty while it knows none. */
    public Optional<String> leaderAsKnown() {
        String leader = status().getHeader().getLeaderId();
        return leader.isEmpty() ? Optional.empty() : Optional.of(leader);
    }

    /** Returns whether the server answers a linearizable call now. */
    public boolean isReady() {
        try {
            store(STATUS_LIMIT).sync(SyncRequest.getDefaultInstance());
            return true;
        } catch (StatusRuntimeException e) {
            return false;
        }
    }

    /** The stable reason inside a status; empty when it carries none. */
    public static String reasonOf(StatusRuntimeException error) {
        return ServerStubs.reasonOf(error);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
