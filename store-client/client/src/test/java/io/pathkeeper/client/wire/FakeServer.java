package io.pathkeeper.client.wire;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.v1.BackupRequest;
import io.pathkeeper.v1.BackupResponse;
import io.pathkeeper.v1.ClusterServiceGrpc;
import io.pathkeeper.v1.DeleteQuotaRequest;
import io.pathkeeper.v1.DeleteQuotaResponse;
import io.pathkeeper.v1.GetClusterInfoRequest;
import io.pathkeeper.v1.GetClusterInfoResponse;
import io.pathkeeper.v1.GetMemberStatusRequest;
import io.pathkeeper.v1.GetMemberStatusResponse;
import io.pathkeeper.v1.GetQuotaRequest;
import io.pathkeeper.v1.GetQuotaResponse;
import io.pathkeeper.v1.ListAlarmsRequest;
import io.pathkeeper.v1.ListAlarmsResponse;
import io.pathkeeper.v1.ListMembersRequest;
import io.pathkeeper.v1.ListMembersResponse;
import io.pathkeeper.v1.ListQuotasRequest;
import io.pathkeeper.v1.ListQuotasResponse;
import io.pathkeeper.v1.MaintenanceServiceGrpc;
import io.pathkeeper.v1.Member;
import io.pathkeeper.v1.MemberRole;
import io.pathkeeper.v1.PipelineOperation;
import io.pathkeeper.v1.PipelineRequest;
import io.pathkeeper.v1.PipelineResponse;
import io.pathkeeper.v1.PipelineResult;
import io.pathkeeper.v1.ResponseHeader;
import io.pathkeeper.v1.ScanSubtreeRequest;
import io.pathkeeper.v1.ScanSubtreeResponse;
import io.pathkeeper.v1.SetQuotaRequest;
import io.pathkeeper.v1.SetQuotaResponse;
import io.pathkeeper.v1.StoreServiceGrpc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** One fake server on a free loopback port. Its switches may be turned by the test at any time. */
public final class FakeServer implements AutoCloseable {
    /** The answers of a backup. */
    public volatile List<BackupResponse> backup = List.of();

    public final List<BackupRequest> backups = new CopyOnWriteArrayList<>();

    /** What happens to a message of a pipeline. */
    public enum Fate {
        /** Carried out and answered. */
        ANSWER,
        /** Carried out, then the stream breaks without an answer. */
        APPLY_AND_BREAK,
        /** The stream breaks before anything is carried out. */
        BREAK,
        /** Never answered, not carried out. */
        SWALLOW,
        /** Carried out, never answered. */
        APPLY_AND_SWALLOW
    }

    static {
        // A machine that is short of time must not fail a test.
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
    }

    private final Server server;
    private final int port;
    private final FakeStore store;
    private final Set<StreamObserver<PipelineResponse>> streams = ConcurrentHashMap.newKeySet();
    private final Map<String, String> members = new ConcurrentHashMap<>();

    /** Identity of this server. */
    public final String memberId;
    /** Identity of the leader as this server tells it. */
    public volatile String leaderId;
    /** What happens to the messages that come. */
    public volatile Function<PipelineRequest, Fate> fate = message -> Fate.ANSWER;
    /** The error that an operation gets instead of being carried out; null for none. */
    public volatile Function<PipelineOperation, com.google.rpc.@Nullable Status> refusal = operation -> null;
    /** The status that ends a stream which gets such a message; null for none. */
    public volatile Function<PipelineRequest, @Nullable Status> streamEnd = message -> null;
    /** Messages that came, in order. */
    public final List<PipelineRequest> messages = new CopyOnWriteArrayList<>();
    /** Streams that were ever opened. */
    public final AtomicInteger opened = new AtomicInteger();
    /** Takes questions about the members and never answers them, as a paused process does on connections that stand. */
    public volatile boolean silent;
    /** For how long a question for the alarms waits, as for another server that does not answer. */
    public volatile long alarmMillis;
    /** Answers that wait for {@link #releaseAnswers}. */
    private final ConcurrentLinkedQueue<Runnable> held = new ConcurrentLinkedQueue<>();

    private volatile boolean holding;

    /** Its quotas. */
    public final FakeQuotas quotas = new FakeQuotas();

    /** How observations are served. */
    public final FakeObserve observe;

    /** Starts a server that leads. */
    public FakeServer(String memberId, FakeStore store) {
        this(memberId, store, 0);
    }

    /** Starts a server that leads on a port. */
    public FakeServer(String memberId, FakeStore store, int wantedPort) {
        this.memberId = memberId;
        this.leaderId = memberId;
        this.store = store;
        this.observe = new FakeObserve(this::header);
        try {
            this.server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", wantedPort))
                    .addService(new StoreEndpoint())
                    .addService(new ClusterEndpoint())
                    .addService(new MaintenanceEndpoint())
                    .addService(observe)
                    .maxInboundMessageSize(4 << 20)
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.port = server.getPort();
    }

    /** Returns where it listens. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** Sets what this server tells of the members. */
    public void tellMembers(FakeServer... all) {
        members.clear();
        for (FakeServer member : all) {
            members.put(member.memberId, member.address());
        }
    }

    /** Sets what this server tells of the address of a member. */
    public void tellMember(String id, String address) {
        members.put(id, address);
    }

    /** Keeps answers back from now on. */
    public void holdAnswers() {
        holding = true;
    }

    /** Sends what was kept back, and keeps nothing back any more. */
    public void releaseAnswers() {
        holding = false;
        Runnable answer;
        while ((answer = held.poll()) != null) {
            answer.run();
        }
    }

    /** Returns how many messages wait for {@link #releaseAnswers}. */
    public int heldAnswers() {
        return held.size();
    }

    /** Breaks all pipelines. */
    public void breakStreams() {
        for (StreamObserver<PipelineResponse> stream : streams) {
            streams.remove(stream);
            stream.onError(
                    Status.UNAVAILABLE.withDescription("broken by the test").asRuntimeException());
        }
    }

    /** Returns the number of pipelines that are open. */
    public int openStreams() {
        return streams.size();
    }

    /** Returns the operations that came, in order, repetitions included. */
    public List<PipelineOperation> operations() {
        List<PipelineOperation> all = new ArrayList<>();
        messages.forEach(message -> all.addAll(message.getOperationsList()));
        return all;
    }

    private ResponseHeader header() {
        return ResponseHeader.newBuilder()
                .setClusterId("fake")
                .setMemberId(memberId)
                .setLeaderId(leaderId)
                .setTerm(1)
                .setRevision(store.revision())
                .build();
    }

    private List<Member> memberList() {
        return members.entrySet().stream()
                .map(entry -> Member.newBuilder()
                        .setMemberId(entry.getKey())
                        .setClientAddress(entry.getValue())
                        .setRole(
                                entry.getKey().equals(leaderId)
                                        ? MemberRole.MEMBER_ROLE_LEADER
                                        : MemberRole.MEMBER_ROLE_FOLLOWER)
                        .build())
                .toList();
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class StoreEndpoint extends StoreServiceGrpc.StoreServiceImplBase {
        @Override
        public StreamObserver<PipelineRequest> pipeline(StreamObserver<PipelineResponse> responses) {
            opened.incrementAndGet();
            streams.add(responses);
            return new PipelineEndpoint(responses);
        }

        @Override
        public void scanSubtree(ScanSubtreeRequest request, StreamObserver<ScanSubtreeResponse> responses) {
            observe.scan(request, responses, store);
        }
    }

    private final class PipelineEndpoint implements StreamObserver<PipelineRequest> {
        private final StreamObserver<PipelineResponse> responses;
        private String clientId = "";

        PipelineEndpoint(StreamObserver<PipelineResponse> responses) {
            this.responses = responses;
        }

        @Override
        public void onNext(PipelineRequest message) {
            if (!streams.contains(responses)) {
                return;
            }
            messages.add(message);
            if (!message.getClientId().isEmpty()) {
                clientId = message.getClientId();
            }
            Status end = streamEnd.apply(message);
            if (end != null) {
                end(end.asRuntimeException());
                return;
            }
            Fate what = fate.apply(message);
            if (what == Fate.BREAK) {
                end(Status.UNAVAILABLE.asRuntimeException());
                return;
            } else if (what == Fate.SWALLOW) {
                return;
            }
            PipelineResponse.Builder response = PipelineResponse.newBuilder();
            for (PipelineOperation operation : message.getOperationsList()) {
                com.google.rpc.Status refused = refusal.apply(operation);
                response.addResults(
                        refused == null
                                ? store.apply(clientId, operation)
                                : PipelineResult.newBuilder()
                                        .setCorrelationId(operation.getCorrelationId())
                                        .setError(refused)
                                        .build());
            }
            if (what == Fate.APPLY_AND_BREAK) {
                end(Status.UNAVAILABLE.asRuntimeException());
            } else if (what == Fate.ANSWER) {
                answer(response.setHeader(header()).build());
            }
        }

        private void answer(PipelineResponse response) {
            if (holding) {
                held.add(() -> {
                    if (streams.contains(responses)) {
                        responses.onNext(response);
                    }
                });
            } else {
                responses.onNext(response);
            }
        }

        private void end(StatusRuntimeException status) {
            if (streams.remove(responses)) {
                responses.onError(status);
            }
        }

        @Override
        public void onError(Throwable error) {
            streams.remove(responses);
        }

        @Override
        public void onCompleted() {
            if (streams.remove(responses)) {
                responses.onCompleted();
            }
        }
    }

    private final class ClusterEndpoint extends ClusterServiceGrpc.ClusterServiceImplBase {
        @Override
        public void listMembers(ListMembersRequest request, StreamObserver<ListMembersResponse> responses) {
            if (silent) {
                return;
            }
            responses.onNext(ListMembersResponse.newBuilder()
                    .setHeader(header())
                    .addAllMembers(memberList())
                    .build());
            responses.onCompleted();
        }

        @Override
        public void getClusterInfo(GetClusterInfoRequest request, StreamObserver<GetClusterInfoResponse> responses) {
            if (silent) {
                return;
            }
            responses.onNext(GetClusterInfoResponse.newBuilder()
                    .setHeader(header())
                    .addAllMembers(memberList())
                    .setVersion("fake")
                    .build());
            responses.onCompleted();
        }

        @Override
        public void setQuota(SetQuotaRequest request, StreamObserver<SetQuotaResponse> responses) {
            quotas.set(request, responses);
        }

        @Override
        public void getQuota(GetQuotaRequest request, StreamObserver<GetQuotaResponse> responses) {
            quotas.get(request, responses);
        }

        @Override
        public void listQuotas(ListQuotasRequest request, StreamObserver<ListQuotasResponse> responses) {
            quotas.list(request, responses);
        }

        @Override
        public void deleteQuota(DeleteQuotaRequest request, StreamObserver<DeleteQuotaResponse> responses) {
            quotas.delete(request, responses);
        }
    }

    private final class MaintenanceEndpoint extends MaintenanceServiceGrpc.MaintenanceServiceImplBase {
        @Override
        public void getMemberStatus(GetMemberStatusRequest request, StreamObserver<GetMemberStatusResponse> responses) {
            if (memberId.equals("broken")) {
                responses.onError(StatusProto.toStatusRuntimeException(FakeErrors.invalid("broken")));
                return;
            }
            responses.onNext(GetMemberStatusResponse.newBuilder()
                    .setHeader(header())
                    .setZnodeCount(store.paths().size())
                    .setReady(true)
                    .build());
            responses.onCompleted();
        }

        @Override
        public void listAlarms(ListAlarmsRequest request, StreamObserver<ListAlarmsResponse> responses) {
            CompletableFuture.delayedExecutor(alarmMillis, TimeUnit.MILLISECONDS)
                    .execute(() -> {
                        responses.onNext(ListAlarmsResponse.newBuilder()
                                .setHeader(header())
                                .build());
                        responses.onCompleted();
                    });
        }

        @Override
        public void backup(BackupRequest request, StreamObserver<BackupResponse> responses) {
            backups.add(request);
            backup.forEach(responses::onNext);
            responses.onCompleted();
        }
    }
}
