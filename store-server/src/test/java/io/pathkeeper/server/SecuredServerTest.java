package io.pathkeeper.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.pathkeeper.server.config.ConfigLoader;
import io.pathkeeper.server.wire.TestAuthority;
import io.pathkeeper.v1.GetMemberStatusRequest;
import io.pathkeeper.v1.GetMemberStatusResponse;
import io.pathkeeper.v1.MaintenanceServiceGrpc;
import java.io.IOException;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets through TLS to a server, and who does not. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecuredServerTest {
    private Path dir;
    private SecuredServer secured;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        dir = directory;
        secured = new SecuredServer(dir.resolve("s1"), Map.of());
    }

    @AfterAll
    void stop() {
        secured.close();
    }

    private static GetMemberStatusResponse status(ManagedChannel channel) {
        try {
            return MaintenanceServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .getMemberStatus(GetMemberStatusRequest.getDefaultInstance());
        } finally {
            channel.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void clientWithCertificateIsServed(String protocol) throws IOException {
        assertThat(status(secured.channel(secured.clients.client("app"), protocol))
                        .getReady())
                .isTrue();
    }

    @Test
    void clientWithoutCertificateIsRefusedAndCounted() throws Exception {
        double before = secured.meter("pathkeeper_connections_refused_total{reason=\"handshake\"}");

        assertThatThrownBy(() -> status(secured.channel(null)))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));

        eventually(() -> assertThat(secured.meter("pathkeeper_connections_refused_total{reason=\"handshake\"}"))
                .isGreaterThan(before));
    }

    @Test
    void certificateOfAnotherAuthorityIsRefused() {
        TestAuthority.Identity foreign = new TestAuthority("clients").client("app");

        assertThatThrownBy(() -> status(secured.channel(foreign))).isInstanceOf(StatusRuntimeException.class);
    }

    @Test
    void plainClientGetsNothing() {
        ManagedChannel plain = NettyChannelBuilder.forAddress("127.0.0.1", secured.server.clientPort())
                .usePlaintext()
                .build();

        assertThatThrownBy(() -> status(plain)).isInstanceOf(StatusRuntimeException.class);
    }

    /** A ClientHello of TLS 1.1 by hand, since today's libraries make none: no ServerHello, at most an alert, and the end. */
    @Test
    void tls11IsRefused() throws IOException {
        for (int port : new int[] {secured.server.clientPort(), secured.raftPort, secured.server.httpPort()}) {
            try (Socket socket = secured.plain(port)) {
                socket.getOutputStream().write(hello11());
                byte[] answer = socket.getInputStream().readAllBytes();
                assertThat(answer).hasSizeLessThanOrEqualTo(7);
                if (answer.length > 0) {
                    assertThat(answer).startsWith(0x15).endsWith(2, 70); // fatal: protocol_version
                }
            }
        }
    }

    private static byte[] hello11() {
        byte[] hello = new byte[52];
        byte[] head = {0x16, 3, 1, 0, 47, 1, 0, 0, 43, 3, 2};
        System.arraycopy(head, 0, hello, 0, head.length);
        byte[] tail = {0, 0, 4, (byte) 0xc0, 0x13, 0, 0x2f, 1, 0};
        System.arraycopy(tail, 0, hello, head.length + 32, tail.length);
        return hello;
    }

    @Test
    void httpIsEncryptedToo() throws Exception {
        assertThat(secured.get("/readyz")).isEqualTo("ready\n");
        assertThat(secured.get("/metrics"))
                .contains(
                        "pathkeeper_tls_cert_expiry_timestamp_seconds{file=\"client.tls.certificate\"}",
                        "pathkeeper_tls_cert_expiry_timestamp_seconds{file=\"raft.tls.ca\"}",
                        "pathkeeper_alarm{type=\"cert_reload_failed\"} 0.0");
    }

    @Test
    void raftPortLetsInServersOnly() throws Exception {
        TestAuthority other = new TestAuthority("servers");
        int port = secured.raftPort;
        SSLContext server = SecuredServer.context(secured.servers, secured.servers.server("s2"));
        assertThat(SecuredServer.knock(server, port).getSubjectX500Principal().getName())
                .isEqualTo("CN=s1");

        assertThatThrownBy(() -> SecuredServer.knock(SecuredServer.context(secured.servers, null), port))
                .as("no certificate")
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> SecuredServer.knock(SecuredServer.context(secured.servers, other.server("s2")), port))
                .as("a server of another cluster")
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> SecuredServer.knock(
                        SecuredServer.context(secured.servers, secured.servers.client("app")), port))
                .as("a client of the same authority")
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() ->
                        SecuredServer.knock(SecuredServer.context(secured.servers, secured.clients.server("s1")), port))
                .as("the certificate for clients")
                .isInstanceOf(IOException.class);
        eventually(() -> assertThat(secured.meter("pathkeeper_raft_connections_refused_total{reason=\"handshake\"}"))
                .isGreaterThanOrEqualTo(4));
    }

    @Test
    void raftPortServesNeitherClientsNorAdministratorsOfTheEngine() throws IOException {
        TestAuthority.Identity server = secured.servers.server("s2");
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", secured.raftPort)
                .sslContext(GrpcSslContexts.forClient()
                        .trustManager(secured.servers.certificate())
                        .keyManager(server.key(), server.certificate())
                        .build())
                .build();
        for (String method : new String[] {
            "ratis.grpc.AdminProtocolService/groupManagement", "ratis.grpc.AdminProtocolService/setConfiguration"
        }) {
            assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(
                            channel,
                            io.grpc.health.v1.HealthGrpc.getCheckMethod().toBuilder()
                                    .setFullMethodName(method)
                                    .build(),
                            io.grpc.CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
                            io.grpc.health.v1.HealthCheckRequest.getDefaultInstance()))
                    .isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED));
        }
        channel.shutdownNow();
    }

    @Test
    void newFilesCountForNewHandshakesOnEveryPort() throws Exception {
        try (SecuredServer rotated = new SecuredServer(dir.resolve("rotated"), Map.of())) {
            SSLContext client = SecuredServer.context(rotated.clients, rotated.clients.client("app"));
            SSLContext peer = SecuredServer.context(rotated.servers, rotated.servers.server("s2"));
            ManagedChannel before = rotated.channel(rotated.clients.client("app"));
            BigInteger clientSerial = rotate(rotated, rotated.clients, "client");
            BigInteger raftSerial = rotate(rotated, rotated.servers, "raft");

            eventually(() -> assertThat(SecuredServer.knock(client, rotated.server.clientPort())
                            .getSerialNumber())
                    .isEqualTo(clientSerial));
            eventually(
                    () -> assertThat(SecuredServer.knock(peer, rotated.raftPort).getSerialNumber())
                            .isEqualTo(raftSerial));
            assertThat(rotated.get("/readyz")).isEqualTo("ready\n");
            assertThat(status(before).getReady()).isTrue();
        }
    }

    private static BigInteger rotate(SecuredServer server, TestAuthority authority, String name) {
        TestAuthority.Identity next = authority.server("s1");
        next.write(server.directory, name);
        return next.certificate().getSerialNumber();
    }

    /** The same client with the same session cache: a resumed session would not be judged anew. */
    @Test
    void authorityThatIsTakenAwayLetsNobodyInAnyMore() throws Exception {
        try (SecuredServer rotated = new SecuredServer(dir.resolve("taken"), Map.of())) {
            SSLContext client = SecuredServer.context(rotated.clients, rotated.clients.client("app"));
            SecuredServer.knock(client, rotated.server.clientPort());

            new TestAuthority("next").write(rotated.directory.resolve("client-ca.pem"));

            eventually(() -> assertThatThrownBy(() -> SecuredServer.knock(client, rotated.server.clientPort()))
                    .isInstanceOf(IOException.class));
        }
    }

    @Test
    void badNewFileKeepsTheOldOneAndIsTold() throws Exception {
        try (SecuredServer damaged = new SecuredServer(dir.resolve("damaged"), Map.of())) {
            SSLContext client = SecuredServer.context(damaged.clients, damaged.clients.client("app"));
            BigInteger before =
                    SecuredServer.knock(client, damaged.server.clientPort()).getSerialNumber();

            TestAuthority.write(damaged.directory.resolve("client.pem"), "-----BEGIN CERT");

            eventually(() -> assertThat(damaged.get("/readyz?verbose"))
                    .contains(
                            "[!] alarm: CERT_RELOAD_FAILED client.tls.certificate",
                            "those read before stay in use",
                            "\nready\n"));
            assertThat(damaged.meter("pathkeeper_alarm{type=\"cert_reload_failed\"}"))
                    .isEqualTo(1);
            assertThat(damaged.meter("pathkeeper_tls_reload_failures_total{tls=\"client.tls\"}"))
                    .isEqualTo(1);
            assertThat(status(damaged.channel(damaged.clients.client("app"))).getAlarmsList())
                    .hasSize(1);
            assertThat(SecuredServer.knock(client, damaged.server.clientPort()).getSerialNumber())
                    .isEqualTo(before);
        }
    }

    @Test
    void listeningBeyondLoopbackWithoutTlsNeedsToBeSaid() {
        ConfigLoader open = new ConfigLoader()
                .set("data.dir", dir.resolve("open").toString(), "test")
                .set("client.listen", "0.0.0.0:0", "test");

        assertThatThrownBy(() -> PathkeeperServer.start(open.load()))
                .isInstanceOfSatisfying(
                        StartException.class, e -> assertThat(e.code()).isEqualTo(ExitCode.CONFIGURATION))
                .hasMessageContaining("client.listen is '0.0.0.0:0'")
                .hasMessageContaining("nothing there is encrypted")
                .hasMessageContaining("--insecure");
        assertThatThrownBy(() -> new SecuredServer(
                        dir.resolve("anonymous"),
                        Map.of("client.listen", "0.0.0.0:0", "client.tls.client_auth", "none")))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("whoever reaches it may do everything")
                .hasMessageContaining("auth.enabled");
    }

    private static void eventually(org.awaitility.core.ThrowingRunnable check) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(check);
    }
}
