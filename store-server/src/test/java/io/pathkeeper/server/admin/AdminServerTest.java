package io.pathkeeper.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.server.config.Address;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.ClusterStatus;
import io.pathkeeper.server.store.ReadBarrier;
import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.server.wire.ConnectionGate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AdminServerTest {
    private volatile boolean leaderKnown = true;
    private volatile long lag;
    private volatile String disk = "";
    private volatile List<String> alarms = List.of();
    private volatile CompletableFuture<TreeView> read = CompletableFuture.completedFuture(null);
    private final List<Boolean> changes = new CopyOnWriteArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private Readiness readiness;
    private AdminServer server;

    private ClusterStatus status() {
        return new ClusterStatus(
                "c",
                "s1",
                leaderKnown ? "s1" : "",
                leaderKnown ? ClusterStatus.Role.LEADER : ClusterStatus.Role.CANDIDATE,
                1,
                100 + lag,
                100,
                0,
                0,
                leaderKnown,
                List.of());
    }

    @BeforeEach
    void start() throws IOException {
        ReadBarrier barrier = new ReadBarrier() {
            @Override
            public CompletableFuture<TreeView> linearizableView() {
                return read;
            }

            @Override
            public CompletableFuture<TreeView> viewAtLeast(long revision, long deadlineNanos) {
                return read;
            }
        };
        readiness = new Readiness(this::status, barrier, () -> disk, () -> alarms, changes::add);
        ConnectionGate gate = new ConnectionGate(100, 100, Duration.ofSeconds(10), System::nanoTime);
        server = AdminServer.start(
                new Address("127.0.0.1", 0),
                new AdminServer.HttpEdge(null, gate, Duration.ofSeconds(10), 16 << 10),
                () -> "meter 1\n",
                readiness);
    }

    @AfterEach
    void stop() {
        server.close();
        readiness.close();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private void awaitReady(boolean ready) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> readiness.isReady() == ready);
    }

    @Test
    void livenessNeedsNothing() throws Exception {
        assertThat(get("/livez").statusCode()).isEqualTo(200);
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
    }

    private HealthCheck.Outcome check(String question) {
        return HealthCheck.check(new String[] {question}, Map.of("PATHKEEPER_HTTP_LISTEN", "0.0.0.0:" + server.port()));
    }

    @Test
    void theHealthCheckSaysWhatTheServerSays() {
        assertThat(check("livez")).isEqualTo(new HealthCheck.Outcome(0, "livez: ok"));
        assertThat(check("readyz").code()).isEqualTo(1);
        readiness.start();
        awaitReady(true);
        assertThat(check("readyz")).isEqualTo(new HealthCheck.Outcome(0, "readyz: ok"));

        leaderKnown = false;
        awaitReady(false);
        assertThat(check("readyz"))
                .isEqualTo(new HealthCheck.Outcome(1, "readyz: raft_role: CANDIDATE, no leader known"));
        assertThat(check("livez").code()).isZero();
    }

    @Test
    void theHealthCheckFailsWhereNobodyAnswersOrSomebodyElseDoes() throws Exception {
        assertThat(check("health").code()).isEqualTo(2);
        assertThat(HealthCheck.check(new String[] {"livez", "nonsense"}, Map.of())
                        .line())
                .contains("'nonsense'");
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String[] arguments = {"livez", "127.0.0.1:" + other.getLocalPort()};
            CompletableFuture<HealthCheck.Outcome> outcome =
                    CompletableFuture.supplyAsync(() -> HealthCheck.check(arguments, Map.of()));
            try (Socket socket = other.accept()) {
                socket.getOutputStream().write("220 mail\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(outcome.get(20, TimeUnit.SECONDS).line()).contains("does not answer as a server of ours");
            }
        }
        server.close();
        assertThat(check("livez").line()).startsWith("no answer from ");
    }

    @Test
    void theHealthCheckReadsTheServersOwnSettings(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("pathkeeper.yaml");
        Files.writeString(file, "http:\n  listen: 127.0.0.1:" + server.port() + "\n");
        assertThat(HealthCheck.check(new String[] {"livez", "--config", file.toString()}, Map.of()))
                .isEqualTo(new HealthCheck.Outcome(0, "livez: ok"));
        Files.writeString(file, "http:\n  listne: 127.0.0.1:1\n");
        assertThat(HealthCheck.check(new String[] {"livez", "--config", file.toString()}, Map.of())
                        .code())
                .isEqualTo(2);
    }

    @Test
    void readinessFollowsItsConditions() throws Exception {
        readiness.start();
        awaitReady(true);
        HttpResponse<String> ready = get("/readyz?verbose");
        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(ready.body())
                .contains("[+] raft_role: LEADER", "[+] linearizable_read", "[+] disk")
                .endsWith("ready\n");

        leaderKnown = false;
        awaitReady(false);
        assertThat(get("/readyz?verbose").body())
                .contains("[-] raft_role: CANDIDATE, no leader known")
                .endsWith("not ready\n");
        leaderKnown = true;
        awaitReady(true);
        lag = 1_000;
        awaitReady(false);
        assertThat(get("/readyz?verbose").body()).contains("[-] applied_lag: 1000 entries behind");
        lag = 0;
        disk = "full";
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> get("/readyz?verbose").body().contains("[-] disk: full"));
        disk = "";
        awaitReady(true);

        assertThat(changes).containsExactly(true, false, true, false, true);
    }

    @Test
    void readThatFailsOrDoesNotComeMakesUnready() throws Exception {
        readiness.start();
        awaitReady(true);

        read = CompletableFuture.failedFuture(new StoreFailure(
                        Rejection.of(RejectReason.NO_QUORUM, "no majority answers"), StoreFailure.Outcome.NOT_APPLIED)
                .toException());
        awaitReady(false);
        assertThat(get("/readyz?verbose").body()).contains("[-] linearizable_read: no majority answers");
        read = CompletableFuture.completedFuture(null);
        awaitReady(true);
        CompletableFuture<TreeView> never = new CompletableFuture<>();
        read = never;
        awaitReady(false);
        assertThat(get("/readyz?verbose").body()).contains("[-] linearizable_read: no answer within 2 s");
        read = CompletableFuture.completedFuture(null);
        never.complete(null);
        awaitReady(true);
    }

    @Test
    void otherPathsAndMethodsAreAnsweredInOneLine() throws Exception {
        HttpResponse<String> missing = get("/../etc/passwd");
        HttpResponse<String> post =
                send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/livez"))
                        .POST(HttpRequest.BodyPublishers.ofString("x".repeat(1_000))));

        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.body().lines()).hasSize(1);
        assertThat(post.statusCode()).isEqualTo(405);
        assertThat(get("/metrics").body()).isEqualTo("meter 1\n");
        assertThat(get("/metrics").headers().firstValue("content-type"))
                .hasValue("text/plain; version=0.0.4; charset=utf-8");
    }

    @Test
    void randomBytesStopNothing() throws Exception {
        Random random = new Random(5);
        for (int i = 0; i < 50; i++) {
            try (Socket socket = new Socket("127.0.0.1", server.port())) {
                byte[] rubbish = new byte[random.nextInt(2_000)];
                random.nextBytes(rubbish);
                if (i % 2 == 0) {
                    socket.getOutputStream().write("GET /metrics HTTP/1.1\r\n".getBytes());
                }
                socket.getOutputStream().write(rubbish);
            } catch (java.net.SocketException e) {
                assertThat(e.getMessage())
                        .as("the server may close such a connection")
                        .isNotNull();
            }
        }
        assertThat(get("/livez").body()).isEqualTo("ok\n");
    }
}
