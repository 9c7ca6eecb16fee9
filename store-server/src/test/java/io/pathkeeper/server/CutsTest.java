package io.pathkeeper.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.pathkeeper.server.wire.TestAuthority;
import io.pathkeeper.v1.GetMemberStatusRequest;
import io.pathkeeper.v1.MaintenanceServiceGrpc;
import io.pathkeeper.v1.ObserveRequest;
import io.pathkeeper.v1.ObserveResponse;
import io.pathkeeper.v1.ObserveServiceGrpc;
import io.pathkeeper.v1.ObserveTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the server ends by itself is counted with its reason, and it goes on. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CutsTest {
    private static final String STATUS = "/pathkeeper.v1.MaintenanceService/GetMemberStatus";
    private static final int STREAMS = 100;

    private Path dir;
    private SecuredServer secured;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        dir = directory;
        secured = new SecuredServer(
                dir.resolve("s1"),
                Map.of("limits.streams", Integer.toString(STREAMS), "client.max_connection_idle", "3s"));
    }

    @AfterAll
    void stop() {
        secured.close();
    }

    private RawHttp2 connect() throws Exception {
        return new RawHttp2(
                SecuredServer.context(secured.clients, secured.clients.client("app")), secured.server.clientPort());
    }

    private static double ended(SecuredServer server, String reason) throws Exception {
        return server.meter("pathkeeper_connections_ended_total{reason=\"" + reason + "\"}");
    }

    private double cut(String reason) throws Exception {
        return secured.meter("pathkeeper_calls_cut_total{reason=\"" + reason + "\"}");
    }

    private static void eventually(org.awaitility.core.ThrowingRunnable check) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(check);
    }

    private void isCountedAsEnd(String reason, RawHttp2 client) throws Exception {
        double before = ended(secured, reason);
        try (client) {
            client.flush().awaitEnd();
        }
        eventually(() -> assertThat(ended(secured, reason)).isEqualTo(before + 1));
    }

    @Test
    void tooManyPings() throws Exception {
        RawHttp2 client = connect();
        for (int i = 0; i < 100; i++) {
            client.frame(RawHttp2.PING, 0, 0, new byte[8]);
        }
        isCountedAsEnd("pings", client);
    }

    @Test
    void callsThatAreOpenedAndReset() throws Exception {
        RawHttp2 client = connect();
        byte[] call = RawHttp2.call(STATUS);
        for (int i = 0; i < 20_100; i++) {
            client.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 2 * i + 1, call)
                    .frame(RawHttp2.RST_STREAM, 0, 2 * i + 1, RawHttp2.number(8));
        }
        isCountedAsEnd("resets", client);
    }

    @Test
    void whatIsNoHttp2() throws Exception {
        isCountedAsEnd("protocol", connect().frame(RawHttp2.DATA, 0, 0, new byte[1]));
    }

    @Test
    void headersMuchTooLarge() throws Exception {
        byte[] call = RawHttp2.call(STATUS, "huge", "x".repeat(15_000));
        RawHttp2 client = connect().frame(RawHttp2.HEADERS, 0, 1, call);
        for (int i = 0; i < 10; i++) {
            client.frame(RawHttp2.CONTINUATION, 0, 1, RawHttp2.call(STATUS, "more", "x".repeat(15_000)));
        }
        isCountedAsEnd("headers", client.frame(RawHttp2.CONTINUATION, RawHttp2.END_HEADERS, 1, new byte[0]));
    }

    @Test
    void headersSomewhatTooLargeEndTheCallAlone() throws Exception {
        double before = cut("headers");
        try (RawHttp2 client = connect()) {
            client.frame(RawHttp2.HEADERS, 0, 1, RawHttp2.call(STATUS, "huge", "x".repeat(15_000)))
                    .frame(RawHttp2.CONTINUATION, 4, 1, RawHttp2.call(STATUS, "more", "x".repeat(1_500)))
                    .flush();
            eventually(() -> assertThat(cut("headers")).isEqualTo(before + 1));
        }
    }

    @Test
    void moreCallsThanAConnectionMayHave() throws Exception {
        double before = cut("streams");
        byte[] call = RawHttp2.call("/pathkeeper.v1.StoreService/Pipeline");
        try (RawHttp2 client = connect()) {
            for (int i = 0; i < STREAMS + 7; i++) {
                client.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 2 * i + 1, call);
            }
            client.flush();
            eventually(() -> assertThat(cut("streams")).isEqualTo(before + 7));
        }
    }

    @Test
    void messageThatSaysItIsTooLarge() throws Exception {
        double before = cut("message_bytes");
        try (RawHttp2 client = connect()) {
            client.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, RawHttp2.call(STATUS))
                    .frame(RawHttp2.DATA, 0, 1, new byte[] {0, 0x40, 0, 0, 0, 1, 2, 3})
                    .flush();
            eventually(() -> assertThat(cut("message_bytes")).isEqualTo(before + 1));
        }
    }

    @Test
    void connectionWithoutCalls() throws Exception {
        double before = ended(secured, "idle");
        ManagedChannel channel = secured.channel(secured.clients.client("app"));
        try {
            MaintenanceServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .getMemberStatus(GetMemberStatusRequest.getDefaultInstance());
            eventually(() -> assertThat(ended(secured, "idle")).isGreaterThan(before));
        } finally {
            channel.shutdownNow();
        }
    }

    /** Whoever an authority let in goes when it does, within seconds, also out of a stream. */
    @Test
    void connectionsOfAnAuthorityThatIsTakenAwayEnd() throws Exception {
        try (SecuredServer rotated =
                new SecuredServer(dir.resolve("rotated"), Map.of("http.client_auth", "optional"))) {
            TestAuthority next = new TestAuthority("next");
            ManagedChannel old = rotated.channel(rotated.clients.client("app"));
            Iterator<ObserveResponse> frames = ObserveServiceGrpc.newBlockingStub(old)
                    .observe(ObserveRequest.newBuilder()
                            .addTargets(ObserveTarget.newBuilder().setPath("/"))
                            .build());
            assertThat(frames.hasNext()).isTrue();

            next.write(rotated.directory.resolve("client-ca.pem"));

            assertThatThrownBy(() -> frames.forEachRemaining(frame -> {}))
                    .isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
            old.shutdownNow();
            assertThat(ended(rotated, "authority")).isEqualTo(1);
            assertThat(ended(rotated, "shutdown")).isZero();
            RawHttp2 present = new RawHttp2(
                    SecuredServer.context(rotated.clients, next.client("app")), rotated.server.clientPort());
            try (present) {
                present.flush();
                eventually(() ->
                        assertThat(rotated.meter("pathkeeper_connections")).isEqualTo(1));
            }
        }
    }
}
