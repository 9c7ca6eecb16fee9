package io.pathkeeper.it.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.it.cluster.Await;
import io.pathkeeper.it.process.FreePorts;
import io.pathkeeper.it.process.ServerProcess;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Connections on which nothing is called, ten thousand or as many as {@code -Dpathkeeper.idle.connections} says: the server stays small and goes on serving, and
 * closes them in the end.
 */
class IdleConnectionsProcessIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int COUNT = Integer.getInteger("pathkeeper.idle.connections", 10_000);
    private static final int SPARE_FILES = 500;
    private static final long HEAP_BYTES = 256L << 20;

    /** The client's preface of HTTP/2 with empty SETTINGS: a connection that is ready and idle. */
    private static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);

    @TempDir
    private Path directory;

    @Test
    @Timeout(value = 400, unit = TimeUnit.SECONDS)
    void idleConnectionsCostLittleAndEnd() throws Exception {
        UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        assertThat(system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount() - SPARE_FILES)
                .as("connections that the limit of open files allows; see ulimit -n")
                .isGreaterThanOrEqualTo(COUNT);
        List<Integer> ports = FreePorts.find(3);
        ServerProcess server = ServerProcess.start(command(ports), directory, directory.resolve("server.log"));
        List<SocketChannel> open = new ArrayList<>();
        try (PathkeeperClient client = PathkeeperClient.builder()
                .servers("127.0.0.1:" + ports.get(0))
                .requestTimeout(Duration.ofSeconds(60))
                .build()) {
            client.store().create("/before", Value.NULL);
            double heapBefore = heap(ports.get(2));
            for (int i = 0; i < COUNT; i++) {
                open.add(connect(ports.get(0)));
            }
            Await.until(
                    "all connections are there",
                    PATIENCE,
                    () -> meter(ports.get(2), "pathkeeper_connections ") >= COUNT);

            System.out.printf(
                    "idle: %.0f connections open at one time, heap %.0f -> %.0f MiB%n",
                    meter(ports.get(2), "pathkeeper_connections "), heapBefore / 1048576, heap(ports.get(2)) / 1048576);
            client.store().create("/with", Value.NULL);
            assertThat(server.isRunning()).isTrue();
            assertThat(heap(ports.get(2)) - heapBefore)
                    .as("bytes of heap for %s connections", COUNT)
                    .isLessThan(HEAP_BYTES / 2.0);

            Await.until(
                    "idle connections were closed",
                    PATIENCE,
                    () -> meter(ports.get(2), "pathkeeper_connections ") < 100);
            client.store().create("/behind", Value.NULL);
        } finally {
            for (SocketChannel channel : open) {
                channel.close();
            }
            server.kill();
        }
    }

    private List<String> command(List<Integer> ports) {
        List<String> command = new ArrayList<>(List.of(
                ServerProcess.java(),
                "-Xmx" + HEAP_BYTES,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                Path.of(System.getProperty(
                                "pathkeeper.server.jar", "../store-server/target/pathkeeper-server-0.1.0-SNAPSHOT.jar"))
                        .toAbsolutePath()
                        .normalize()
                        .toString(),
                "--data",
                directory.resolve("data").toString()));
        for (String setting : List.of(
                "client.listen=127.0.0.1:" + ports.get(0),
                "raft.listen=127.0.0.1:" + ports.get(1),
                "http.listen=127.0.0.1:" + ports.get(2),
                "limits.connections=20000",
                "limits.connections_per_address=20000",
                "client.max_connection_idle=45s")) {
            command.addAll(List.of("--set", setting));
        }
        return command;
    }

    private static SocketChannel connect(int port) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.write(ByteBuffer.wrap(PREFACE));
        return channel;
    }

    private static double heap(int port) throws IOException, InterruptedException {
        return metrics(port)
                .lines()
                .filter(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static double meter(int port, String beginning) throws IOException, InterruptedException {
        return metrics(port)
                .lines()
                .filter(line -> line.startsWith(beginning))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }

    private static String metrics(int port) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .timeout(Duration.ofSeconds(30))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
