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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Connections to the TLS port of a real server that say nothing or begin a handshake and go no further: as many as {@code -Dpathkeeper.flood.connections} says are open at
 * one time, and half as many more send garbage, which ends them at once. Another client writes all the while, memory stays bounded, and they are all ended and counted.
 */
class FloodProcessIT {
    private static final int COUNT = Integer.getInteger("pathkeeper.flood.connections", 1_500);
    private static final Duration PATIENCE = Duration.ofSeconds(180);
    /** Time to open them all: behind it the server begins to end them. */
    private static final Duration HANDSHAKE = Duration.ofSeconds(Math.min(120, 10 + COUNT / 100));

    private static final int SPARE_FILES = 500;
    private static final long HEAP_BYTES = 256L << 20;
    private static final long GROWTH_KIB = 200L << 10;

    /** The beginning of a ClientHello: the rest never comes. */
    private static final byte[] HELLO = {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3};

    @TempDir
    private Path directory;

    private List<Integer> ports = List.of();

    private enum Kind {
        SILENT,
        GARBAGE,
        HALF_HANDSHAKE;

        byte[] first(Random random) {
            return switch (this) {
                case SILENT -> new byte[0];
                case GARBAGE -> {
                    byte[] garbage = new byte[1 + random.nextInt(500)];
                    random.nextBytes(garbage);
                    garbage[0] = 'x'; // no TLS from the first byte on
                    yield garbage;
                }
                case HALF_HANDSHAKE -> HELLO;
            };
        }
    }

    @Test
    @Timeout(value = 400, unit = TimeUnit.SECONDS)
    void whoeverShakesNoHandsCostsLittleAndKeepsNobodyOut() throws Exception {
        UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        int count = COUNT + COUNT / 2;
        assertThat(system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount() - SPARE_FILES)
                .as("connections that the limit of open files allows; see ulimit -n")
                .isGreaterThanOrEqualTo(count);
        Certificates certificates = new Certificates(directory.resolve("certificates"));
        certificates.make("--server", "s1=127.0.0.1", "--client", "app");
        ports = FreePorts.find(3);
        ServerProcess server = ServerProcess.start(command(certificates), directory, directory.resolve("server.log"));
        List<SocketChannel> open = new ArrayList<>();
        try (PathkeeperClient client = PathkeeperClient.builder()
                .servers("127.0.0.1:" + ports.get(0))
                .tls(certificates.client("app"))
                .requestTimeout(Duration.ofSeconds(60))
                .build()) {
            client.store().create("/flooded", Value.NULL);
            long residentBefore = residentKib(server.pid());
            double endedBefore = ended();
            Random random = new Random(11);
            long slowest = 0;
            long start = System.nanoTime();
            for (int i = 0; i < count; i++) {
                open.add(connect(Kind.values()[i % Kind.values().length].first(random)));
                if (i % 100 == 0) {
                    long before = System.nanoTime();
                    client.store().set("/flooded", Value.of(i));
                    slowest = Math.max(slowest, System.nanoTime() - before);
                }
            }
            long opened = System.nanoTime() - start;
            double[] peak = new double[1];
            Await.until(COUNT + " connections are open at one time", PATIENCE, () -> {
                peak[0] = Math.max(peak[0], meter("pathkeeper_connections "));
                return peak[0] >= COUNT;
            });
            assertThat(residentKib(server.pid()) - residentBefore)
                    .as("KiB of memory for %s connections", count)
                    .isLessThan(GROWTH_KIB);
            assertThat(slowest).as("nanoseconds of the slowest write meanwhile").isLessThan(10_000_000_000L);
            long most = residentKib(server.pid());

            try (PathkeeperClient another = PathkeeperClient.builder()
                    .servers("127.0.0.1:" + ports.get(0))
                    .tls(certificates.client("app"))
                    .requestTimeout(Duration.ofSeconds(60))
                    .build()) {
                another.store().set("/flooded", Value.of("new connections are served, too"));
            }
            Await.until("all were ended and counted", PATIENCE, () -> ended() - endedBefore >= count);
            Await.until("only clients are left", PATIENCE, () -> meter("pathkeeper_connections ") < 10);
            client.store().set("/flooded", Value.NULL);
            assertThat(server.isRunning()).isTrue();
            System.out.printf(
                    "flood: %d connections opened in %d ms, at most %.0f seen open at one time, slowest write of a client meanwhile %d ms, memory of the server %d -> %d MiB%n",
                    count,
                    TimeUnit.NANOSECONDS.toMillis(opened),
                    peak[0],
                    TimeUnit.NANOSECONDS.toMillis(slowest),
                    residentBefore >> 10,
                    most >> 10);
        } finally {
            for (SocketChannel channel : open) {
                channel.close();
            }
            server.kill();
        }
    }

    private List<String> command(Certificates certificates) {
        List<String> command = new ArrayList<>(List.of(
                ServerProcess.java(),
                "-Xmx" + HEAP_BYTES,
                "-XX:+UseSerialGC",
                "-jar",
                Path.of(System.getProperty(
                                "pathkeeper.server.jar", "../store-server/target/pathkeeper-server-0.1.0-SNAPSHOT.jar"))
                        .toAbsolutePath()
                        .normalize()
                        .toString(),
                "--data",
                directory.resolve("data").toString()));
        Map<String, String> settings = new LinkedHashMap<>(certificates.settings("s1"));
        settings.keySet().removeIf(key -> key.startsWith("raft."));
        settings.put("client.listen", "127.0.0.1:" + ports.get(0));
        settings.put("raft.listen", "127.0.0.1:" + ports.get(1));
        settings.put("http.listen", "127.0.0.1:" + ports.get(2));
        settings.put("limits.connections", "20000");
        settings.put("limits.connections_per_address", "20000");
        settings.put("limits.handshake", HANDSHAKE.toSeconds() + "s");
        settings.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
        return command;
    }

    private SocketChannel connect(byte[] first) throws IOException {
        SocketChannel channel =
                SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(0)));
        channel.write(ByteBuffer.wrap(first));
        return channel;
    }

    private static long residentKib(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    /** Connections that came to nothing, for their time or for what they sent. */
    private double ended() throws IOException, InterruptedException {
        return meter("pathkeeper_connections_refused_total{reason=\"handshake\"}")
                + meter("pathkeeper_connections_refused_total{reason=\"handshake_time\"}");
    }

    private double meter(String beginning) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + ports.get(2) + "/metrics"))
                .timeout(Duration.ofSeconds(30))
                .build();
        return HttpClient.newBuilder()
                .sslContext(new Certificates(directory.resolve("certificates")).context("ca.pem", "client-app"))
                .build()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith(beginning))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }
}
