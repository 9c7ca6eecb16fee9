package io.pathkeeper.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.pathkeeper.server.wire.TestAuthority;
import io.pathkeeper.v1.GetMemberStatusRequest;
import io.pathkeeper.v1.MaintenanceServiceGrpc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Alarms about certificates are raised, told everywhere, and go by themselves. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CertificateAlarmTest {
    private static final String FAILED = "pathkeeper_alarm{type=\"cert_reload_failed\"}";
    private static final String EXPIRY = "pathkeeper_alarm{type=\"cert_expiry\"}";

    private SecuredServer secured;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        secured = new SecuredServer(directory, Map.of());
    }

    @AfterAll
    void stop() {
        secured.close();
    }

    private List<String> told() throws IOException {
        ManagedChannel channel = secured.channel(secured.clients.client("app"));
        try {
            return MaintenanceServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .getMemberStatus(GetMemberStatusRequest.getDefaultInstance())
                    .getAlarmsList();
        } finally {
            channel.shutdownNow();
        }
    }

    private static void eventually(ThrowingRunnable check) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(check);
    }

    @ParameterizedTest
    @ValueSource(strings = {"client.pem", "client.key", "client-ca.pem", "raft.pem", "raft.key", "raft-ca.pem"})
    void newFileThatCannotBeUsed(String name) throws Exception {
        Path file = secured.directory.resolve(name);
        String good = Files.readString(file);
        TestAuthority.write(file, "-----BEGIN NOTHING-----");

        eventually(() -> assertThat(secured.meter(FAILED)).isEqualTo(1));
        assertThat(told())
                .singleElement()
                .asString()
                .startsWith("CERT_RELOAD_FAILED ")
                .contains(file.toString());
        assertThat(secured.get("/readyz?verbose")).contains("[!] alarm: CERT_RELOAD_FAILED ");

        TestAuthority.write(file, good);

        eventually(() -> assertThat(secured.meter(FAILED)).isZero());
        assertThat(told()).isEmpty();
        assertThat(secured.get("/readyz?verbose")).doesNotContain("alarm");
    }

    @Test
    void certificateThatEndsSoon() throws Exception {
        secured.clients.server("s1", Instant.now().plus(Duration.ofDays(3))).write(secured.directory, "client");

        eventually(() -> assertThat(secured.meter(EXPIRY)).isEqualTo(1));
        eventually(() -> assertThat(told())
                .singleElement()
                .asString()
                .startsWith("CERT_EXPIRY client.tls.certificate ends at ")
                .endsWith(": put a new one in its place"));

        secured.clients.server("s1").write(secured.directory, "client");

        eventually(() -> assertThat(secured.meter(EXPIRY)).isZero());
        eventually(() -> assertThat(told()).isEmpty());
    }
}
