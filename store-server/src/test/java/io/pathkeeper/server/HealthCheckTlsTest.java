package io.pathkeeper.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.server.admin.HealthCheck;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The health check of containers, as they run it, at a server that lets nobody ask without a certificate. */
@Timeout(120)
class HealthCheckTlsTest {
    @TempDir
    private Path dir;

    private static int ask(Map<String, String> environment) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                HealthCheck.class.getName(),
                "readyz");
        builder.environment().keySet().removeIf(name -> name.startsWith("PATHKEEPER_"));
        builder.environment().putAll(environment);
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(said).isTrue();
        return process.exitValue();
    }

    @Test
    void showsTheServersOwnCertificateWhereOneIsRequired() throws Exception {
        try (SecuredServer secured = new SecuredServer(dir, Map.of("http.client_auth", "require"))) {
            Map<String, String> environment = new HashMap<>(Map.of(
                    "PATHKEEPER_HTTP_LISTEN", "0.0.0.0:" + secured.server.httpPort(),
                    "PATHKEEPER_CLIENT_TLS_CERTIFICATE",
                            dir.resolve("client.pem").toString(),
                    "PATHKEEPER_CLIENT_TLS_KEY", dir.resolve("client.key").toString()));

            assertThat(ask(environment)).isEqualTo(1);
            environment.put("PATHKEEPER_HTTP_CLIENT_AUTH", "require");
            assertThat(ask(environment)).isZero();
        }
    }
}
