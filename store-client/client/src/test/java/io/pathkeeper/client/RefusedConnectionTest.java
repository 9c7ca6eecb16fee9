package io.pathkeeper.client;

import static io.pathkeeper.client.PipelineTest.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.error.UnavailableException;
import io.pathkeeper.client.memory.MemoryCluster;
import io.pathkeeper.client.memory.MemoryServer;
import io.pathkeeper.client.model.Value;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that do not run: calls end long before their time limit, and say which servers refused. */
@Timeout(240)
class RefusedConnectionTest {
    private static String nobody() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + socket.getLocalPort();
        }
    }

    private static PathkeeperClientBuilder builder(String... servers) {
        return PathkeeperClient.builder()
                .servers(servers)
                .requestTimeout(Duration.ofMinutes(5))
                .connectTimeout(Duration.ofMillis(500));
    }

    @Test
    void callsThatNobodyCanAnswerEndEarlyAndNameTheServers() throws IOException {
        String one = nobody();
        String two = nobody();
        try (PathkeeperClient client = builder(one, two).build()) {
            List<Function<PathkeeperClient, CompletableFuture<?>>> calls = List.of(
                    c -> c.async().get("/a"),
                    c -> c.async().set("/a", Value.of(1)),
                    c -> c.sessions().openAsync(io.pathkeeper.client.session.SessionOptions.defaults()),
                    c -> c.locks().list("", 10, ""));
            for (Function<PathkeeperClient, CompletableFuture<?>> call : calls) {
                PathkeeperException failure = failureOf(call.apply(client));
                assertThat(failure).isInstanceOf(UnavailableException.class);
                assertThat(failure.reason()).isEqualTo(Reason.CONNECTION_LOST);
                assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
                assertThat(failure.getMessage())
                        .contains("no server can be reached")
                        .contains(one + " (connection refused)")
                        .contains(two + " (connection refused)");
            }
        }
    }

    @Test
    void oneServerThatRunsIsEnough() throws IOException {
        MemoryCluster cluster = new MemoryCluster();
        try (MemoryServer server = new MemoryServer(cluster);
                PathkeeperClient client =
                        builder(nobody(), server.address(), nobody()).build()) {
            client.store().create("/a", Value.of(1));
            assertThat(client.store().get("/a").value()).isEqualTo(Value.of(1));
            assertThat(client.locks().list("", 10, "").join().locks()).isEmpty();
        }
    }
}
