package io.pathkeeper.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.server.config.ConfigLoader;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.CreateResponse;
import io.pathkeeper.v1.CreateSessionRequest;
import io.pathkeeper.v1.Event;
import io.pathkeeper.v1.EventType;
import io.pathkeeper.v1.GetMemberStatusRequest;
import io.pathkeeper.v1.GetRequest;
import io.pathkeeper.v1.LockRequest;
import io.pathkeeper.v1.LockServiceGrpc;
import io.pathkeeper.v1.MaintenanceServiceGrpc;
import io.pathkeeper.v1.ObserveRequest;
import io.pathkeeper.v1.ObserveResponse;
import io.pathkeeper.v1.ObserveServiceGrpc;
import io.pathkeeper.v1.ObserveTarget;
import io.pathkeeper.v1.Payload;
import io.pathkeeper.v1.SessionKey;
import io.pathkeeper.v1.SessionServiceGrpc;
import io.pathkeeper.v1.SetRequest;
import io.pathkeeper.v1.StoreServiceGrpc;
import io.pathkeeper.v1.TryAcquireLockRequest;
import io.pathkeeper.v1.TryAcquireLockResponse;
import io.pathkeeper.v1.ZnodeKind;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole server in this process, on real Raft with a real log. */
@Timeout(120)
class PathkeeperServerTest {
    @TempDir
    private Path dir;

    private PathkeeperServer start() throws StartException {
        PathkeeperServer server = PathkeeperServer.start(new ConfigLoader()
                .set("data.dir", dir.resolve("data").toString(), "test")
                .set("client.listen", "127.0.0.1:0", "test")
                .set("raft.listen", "127.0.0.1:0", "test")
                .set("http.listen", "127.0.0.1:0", "test")
                .load());
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(server::isReady);
        return server;
    }

    private static ManagedChannel channel(PathkeeperServer server) {
        return NettyChannelBuilder.forAddress("127.0.0.1", server.clientPort())
                .usePlaintext()
                .build();
    }

    @Test
    void keepsWhatWasWrittenOverARestart() throws Exception {
        CreateResponse created;
        try (PathkeeperServer server = start()) {
            ManagedChannel channel = channel(server);
            created = StoreServiceGrpc.newBlockingStub(channel)
                    .create(CreateRequest.newBuilder()
                            .setPath("/kept")
                            .setData(Payload.newBuilder().setJson("{\"a\":[1,2.5,\"x\"]}"))
                            .build());
            channel.shutdownNow();
        }
        try (PathkeeperServer server = start()) {
            ManagedChannel channel = channel(server);
            var read = StoreServiceGrpc.newBlockingStub(channel)
                    .get(GetRequest.newBuilder().setPath("/kept").build());
            var status = MaintenanceServiceGrpc.newBlockingStub(channel)
                    .getMemberStatus(GetMemberStatusRequest.getDefaultInstance());
            channel.shutdownNow();

            assertThat(read.getStat()).isEqualTo(created.getStat());
            assertThat(status.getReady()).isTrue();
            assertThat(status.getZnodeCount()).isEqualTo(2);
            assertThat(status.getDiskFreeBytes()).isPositive();
        }
    }

    @Test
    void observersSeeChangesAndHealthAndReflectionAnswer() throws Exception {
        try (PathkeeperServer server = start()) {
            ManagedChannel channel = channel(server);
            var store = StoreServiceGrpc.newBlockingStub(channel);
            store.create(CreateRequest.newBuilder().setPath("/seen").build());
            Iterator<ObserveResponse> frames = ObserveServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(30, TimeUnit.SECONDS)
                    .observe(ObserveRequest.newBuilder()
                            .addTargets(ObserveTarget.newBuilder().setPath("/seen"))
                            .build());
            assertThat(frames.next().hasCreated()).isTrue();
            store.set(SetRequest.newBuilder()
                    .setPath("/seen")
                    .setData(Payload.newBuilder().setJson("7"))
                    .build());
            Event event = frames.next().getEvents().getEvents(0);

            assertThat(event.getType()).isEqualTo(EventType.EVENT_TYPE_UPDATED);
            assertThat(event.getData().getValue().getIntValue()).isEqualTo(7);
            assertThat(HealthGrpc.newBlockingStub(channel)
                            .check(HealthCheckRequest.newBuilder()
                                    .setService("pathkeeper.v1.StoreService")
                                    .build())
                            .getStatus())
                    .isEqualTo(ServingStatus.SERVING);
            assertThat(services(channel))
                    .contains("pathkeeper.v1.StoreService", "pathkeeper.v1.ObserveService", "grpc.health.v1.Health");
            channel.shutdownNow();
        }
    }

    @Test
    void aSessionSurvivesARestartWithAllItOwnsAndEndsWhenNothingIsHeardOfIt() throws Exception {
        SessionKey session;
        long token;
        try (PathkeeperServer server = start()) {
            ManagedChannel channel = channel(server);
            session = SessionServiceGrpc.newBlockingStub(channel)
                    .createSession(CreateSessionRequest.newBuilder()
                            .setTimeoutMs(8_000)
                            .setClientIdentity("worker")
                            .build())
                    .getSession();
            StoreServiceGrpc.newBlockingStub(channel)
                    .create(CreateRequest.newBuilder()
                            .setPath("/member")
                            .setKind(ZnodeKind.ZNODE_KIND_EPHEMERAL)
                            .setSession(session)
                            .build());
            token = tryLock(channel, session).getToken();
            channel.shutdownNow();
        }
        try (PathkeeperServer server = start()) {
            ManagedChannel channel = channel(server);
            var sessions = SessionServiceGrpc.newBlockingStub(channel);
            var resumed = sessions.createSession(
                    CreateSessionRequest.newBuilder().setResume(session).build());
            assertThat(resumed.getResumed()).isTrue();
            assertThat(StoreServiceGrpc.newBlockingStub(channel)
                            .get(GetRequest.newBuilder().setPath("/member").build())
                            .getStat()
                            .getOwnerIdentity())
                    .isEqualTo("worker");
            assertThat(tryLock(channel, session).getToken()).isEqualTo(token);
            assertThat(scrape(server))
                    .contains("pathkeeper_sessions{state=\"open\"} 1.0", "pathkeeper_ephemerals 1.0")
                    .contains("pathkeeper_locks{state=\"held\"} 1.0")
                    .contains("pathkeeper_keepalives_total 1.0", "pathkeeper_sessions_expired_total 0.0");

            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> server.node().sessions().count() == 0);

            assertThat(server.node().view().znodeCount()).isEqualTo(1);
            assertThat(server.node().locks().count()).isZero();
            assertThat(scrape(server))
                    .contains("pathkeeper_sessions{state=\"open\"} 0.0", "pathkeeper_sessions_expired_total 1.0");
            channel.shutdownNow();
        }
    }

    private static TryAcquireLockResponse tryLock(ManagedChannel channel, SessionKey session) {
        return LockServiceGrpc.newBlockingStub(channel)
                .tryAcquireLock(TryAcquireLockRequest.newBuilder()
                        .setLock(LockRequest.newBuilder().setPath("/lock").setSession(session))
                        .build());
    }

    private static String scrape(PathkeeperServer server) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + "/metrics"))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static String services(ManagedChannel channel) throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> call = ServerReflectionGrpc.newStub(channel)
                .serverReflectionInfo(new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse response) {
                        answer.complete(response.getListServicesResponse().toString());
                    }

                    @Override
                    public void onError(Throwable error) {
                        answer.completeExceptionally(error);
                    }

                    @Override
                    public void onCompleted() {
                        answer.complete("");
                    }
                });
        call.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        call.onCompleted();
        return answer.get(10, TimeUnit.SECONDS);
    }
}
