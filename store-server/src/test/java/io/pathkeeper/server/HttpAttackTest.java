package io.pathkeeper.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Slow and many connections on the HTTPS port: probes and collectors are answered at once all the while. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpAttackTest {
    private static final int SLOW = 200;
    private static final String REFUSED = "pathkeeper_http_connections_refused_total{reason=\"%s\"}";

    private SecuredServer secured;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        secured = new SecuredServer(
                directory,
                Map.of(
                        "limits.handshake", "3s",
                        "http.connections", "300",
                        "http.connections_per_address", "250"));
    }

    @AfterAll
    void stop() {
        secured.close();
    }

    private double refused(String reason) throws Exception {
        return secured.meter(String.format(REFUSED, reason));
    }

    @Test
    void slowHandshakesKeepNobodyOutAndEnd() throws Exception {
        double before = refused("handshake_time");
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < SLOW; i++) {
                Socket socket = secured.plain(secured.server.httpPort());
                slow.add(socket);
                socket.getOutputStream().write(0x16);
            }
            long start = System.nanoTime();
            assertThat(secured.get("/livez")).isEqualTo("ok\n");
            assertThat(secured.get("/readyz")).isEqualTo("ready\n");
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(2));
            assertThat(secured.meter("pathkeeper_http_connections")).isGreaterThan(SLOW);

            for (Socket socket : slow) {
                awaitEnd(socket);
            }
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(refused("handshake_time")).isEqualTo(before + SLOW));
    }

    @Test
    void connectionsBeyondTheLimitOfAnAddressAreRefusedAndCounted() throws Exception {
        List<Socket> open = new ArrayList<>();
        double before = refused("connections_per_address");
        try {
            for (int i = 0; i < 300; i++) {
                open.add(secured.plain(secured.server.httpPort()));
            }
            for (Socket socket : open.subList(260, 300)) {
                awaitEnd(socket);
            }
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .untilAsserted(
                        () -> assertThat(refused("connections_per_address")).isGreaterThanOrEqualTo(before + 40));
    }

    private static void awaitEnd(Socket socket) throws IOException {
        try {
            assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThan(100); // an alert at most
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }
}
