package io.pathkeeper.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.pathkeeper.server.config.ConfigLoader;
import io.pathkeeper.v1.CampaignRequest;
import io.pathkeeper.v1.Condition;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.CreateSessionRequest;
import io.pathkeeper.v1.ElectionServiceGrpc;
import io.pathkeeper.v1.GetRequest;
import io.pathkeeper.v1.LockRequest;
import io.pathkeeper.v1.LockServiceGrpc;
import io.pathkeeper.v1.ReleaseLockRequest;
import io.pathkeeper.v1.RenewSessionRequest;
import io.pathkeeper.v1.RequestId;
import io.pathkeeper.v1.SessionKey;
import io.pathkeeper.v1.SessionServiceGrpc;
import io.pathkeeper.v1.SetRequest;
import io.pathkeeper.v1.StoreServiceGrpc;
import io.pathkeeper.v1.TransactRequest;
import io.pathkeeper.v1.TryAcquireLockRequest;
import io.pathkeeper.v1.TryAcquireLockResponse;
import io.pathkeeper.v1.ZnodeKind;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Makes things happen through the wire, and finds them in {@code /metrics}. */
@Timeout(120)
class MetricsTest {
    @TempDir
    private static Path dir;

    private static PathkeeperServer server;
    private static ManagedChannel channel;

    @BeforeAll
    static void start() throws StartException {
        server = PathkeeperServer.start(new ConfigLoader()
                .set("data.dir", dir.resolve("data").toString(), "test")
                .set("client.listen", "127.0.0.1:0", "test")
                .set("raft.listen", "127.0.0.1:0", "test")
                .set("http.listen", "127.0.0.1:0", "test")
                .set("raft.election_timeout_min", "50ms", "test")
                .set("raft.election_timeout_max", "100ms", "test")
                .load());
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(server::isReady);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.clientPort())
                .usePlaintext()
                .build();
    }

    @AfterAll
    static void stop() {
        channel.shutdownNow();
        server.close();
    }

    private static StoreServiceGrpc.StoreServiceBlockingStub store() {
        return StoreServiceGrpc.newBlockingStub(channel);
    }

    private static SessionKey session() {
        return SessionServiceGrpc.newBlockingStub(channel)
                .createSession(
                        CreateSessionRequest.newBuilder().setTimeoutMs(60_000).build())
                .getSession();
    }

    private static Future<TryAcquireLockResponse> lock(String path, SessionKey session) {
        return LockServiceGrpc.newFutureStub(channel)
                .tryAcquireLock(TryAcquireLockRequest.newBuilder()
                        .setLock(LockRequest.newBuilder().setPath(path).setSession(session))
                        .setWaitMs(30_000)
                        .build());
    }

    /** The value of a line of {@code /metrics}; 0 when there is none. */
    private static double value(String series) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + "/metrics"))
                .build();
        String all = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
        Matcher line =
                Pattern.compile("(?m)^" + Pattern.quote(series) + " (\\S+)$").matcher(all);
        return line.find() ? Double.parseDouble(line.group(1)) : 0;
    }

    private static void awaitValue(String series, double wanted) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> value(series) == wanted);
    }

    @Test
    void callsAreCountedByMethodAndCodeWithTheirTime() throws Exception {
        String get = "method=\"pathkeeper.v1.StoreService/Get\"";
        double found = value("pathkeeper_rpc_requests_total{code=\"OK\"," + get + "}");
        double timed = value("pathkeeper_rpc_duration_seconds_count{" + get + "}");
        double rounds = value("pathkeeper_read_index_duration_seconds_count");
        double reads = value("pathkeeper_reads_total{consistency=\"linearizable\"}");

        store().get(GetRequest.newBuilder().setPath("/").build());
        assertThatThrownBy(() ->
                        store().get(GetRequest.newBuilder().setPath("/missing").build()))
                .isInstanceOf(StatusRuntimeException.class);

        assertThat(value("pathkeeper_rpc_requests_total{code=\"OK\"," + get + "}"))
                .isEqualTo(found + 1);
        assertThat(value("pathkeeper_rpc_requests_total{code=\"NOT_FOUND\"," + get + "}"))
                .isOne();
        assertThat(value("pathkeeper_rpc_duration_seconds_count{" + get + "}")).isEqualTo(timed + 2);
        assertThat(value("pathkeeper_read_index_duration_seconds_count")).isGreaterThanOrEqualTo(rounds + 2);
        assertThat(value("pathkeeper_reads_total{consistency=\"linearizable\"}"))
                .isEqualTo(reads + 2);
    }

    @Test
    void conflictsAndRepeatedWritesAreCounted() throws Exception {
        double conflicts = value("pathkeeper_txn_conflicts_total");
        double repeats = value("pathkeeper_dedup_hits_total");
        CreateRequest create = CreateRequest.newBuilder()
                .setPath("/counted")
                .setRequestId(RequestId.newBuilder().setClientId("metrics").setSequence(1))
                .build();

        store().create(create);
        store().create(create);
        assertThatThrownBy(() -> store().set(SetRequest.newBuilder()
                        .setPath("/counted")
                        .setExpectedVersion(77)
                        .build()))
                .isInstanceOf(StatusRuntimeException.class);
        store().transact(TransactRequest.newBuilder()
                .addConditions(Condition.newBuilder().setPath("/counted").setExists(false))
                .build());

        assertThat(value("pathkeeper_dedup_hits_total")).isEqualTo(repeats + 1);
        assertThat(value("pathkeeper_txn_conflicts_total")).isEqualTo(conflicts + 2);
    }

    @Test
    void znodesWithATimeToLiveAndTheChangesInTheHistoryAreCounted() throws Exception {
        double timed = value("pathkeeper_store_ttl_nodes");
        double changes = value("pathkeeper_store_history_events");

        store().create(CreateRequest.newBuilder()
                .setPath("/timed")
                .setKind(ZnodeKind.ZNODE_KIND_TTL)
                .setTtlMs(600_000)
                .build());
        store().create(CreateRequest.newBuilder().setPath("/timed/child").build());

        assertThat(value("pathkeeper_store_ttl_nodes")).isEqualTo(timed + 1);
        assertThat(value("pathkeeper_store_history_events")).isEqualTo(changes + 2);
    }

    @Test
    void sessionsAndTheirRenewalsAreCounted() throws Exception {
        double created = value("pathkeeper_sessions_opened_total");
        double open = value("pathkeeper_sessions{state=\"open\"}");
        double renewed = value("pathkeeper_session_keepalive_lag_seconds_count");

        SessionKey session = session();
        SessionServiceGrpc.newBlockingStub(channel)
                .renewSession(
                        RenewSessionRequest.newBuilder().setSession(session).build());

        assertThat(value("pathkeeper_sessions_opened_total")).isEqualTo(created + 1);
        assertThat(value("pathkeeper_sessions{state=\"open\"}")).isEqualTo(open + 1);
        assertThat(value("pathkeeper_sessions{state=\"ending\"}")).isZero();
        assertThat(value("pathkeeper_session_keepalive_lag_seconds_count")).isEqualTo(renewed + 1);
    }

    @Test
    void locksAreToldByTheirStateAndWaitsAreTimed() throws Exception {
        double waits = value("pathkeeper_lock_wait_seconds_count");
        double held = value("pathkeeper_locks{state=\"held\"}");
        SessionKey first = session();
        TryAcquireLockResponse grant = lock("/metered-lock", first).get();
        awaitValue("pathkeeper_locks{state=\"held\"}", held + 1);

        Future<TryAcquireLockResponse> second = lock("/metered-lock", session());

        awaitValue("pathkeeper_locks{state=\"contended\"}", 1);
        assertThat(value("pathkeeper_locks{state=\"held\"}")).isEqualTo(held);
        assertThat(value("pathkeeper_rpc_inflight")).isGreaterThanOrEqualTo(1);
        LockServiceGrpc.newBlockingStub(channel)
                .releaseLock(ReleaseLockRequest.newBuilder()
                        .setPath("/metered-lock")
                        .setSession(first)
                        .setToken(grant.getToken())
                        .build());
        TryAcquireLockResponse next = second.get();

        assertThat(next.getAcquired()).isTrue();
        assertThat(value("pathkeeper_lock_wait_seconds_count")).isEqualTo(waits + 2);
        awaitValue("pathkeeper_locks{state=\"held\"}", held + 1);
        assertThat(value("pathkeeper_locks{state=\"contended\"}")).isZero();
    }

    @Test
    void electionsAreCountedAndAreNoWaitsForLocks() throws Exception {
        double elections = value("pathkeeper_elections_total");
        double waits = value("pathkeeper_lock_wait_seconds_count");

        boolean elected = ElectionServiceGrpc.newBlockingStub(channel)
                .campaign(CampaignRequest.newBuilder()
                        .setPath("/metered-election")
                        .setSession(session())
                        .build())
                .next()
                .hasElected();

        assertThat(elected).isTrue();
        assertThat(value("pathkeeper_elections_total")).isEqualTo(elections + 1);
        assertThat(value("pathkeeper_lock_wait_seconds_count")).isEqualTo(waits);
    }
}
