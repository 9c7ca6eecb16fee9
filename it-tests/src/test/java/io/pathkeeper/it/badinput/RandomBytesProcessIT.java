package io.pathkeeper.it.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.it.check.ClosedLoop;
import io.pathkeeper.it.cluster.Await;
import io.pathkeeper.it.cluster.Cluster;
import io.pathkeeper.it.cluster.ClusterOptions;
import io.pathkeeper.it.cluster.ProcessCluster;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bytes that are no requests go to every port of every server while clients write: nobody stops and nothing is lost. */
class RandomBytesProcessIT {
    private static final int CONNECTIONS_PER_PORT = 60;
    private static final int MAX_BYTES = 64 << 10;

    @Test
    @Timeout(value = 400, unit = TimeUnit.SECONDS)
    void randomBytesStopNobodyAndLoseNothing() throws InterruptedException {
        long seed = System.nanoTime();
        try (ProcessCluster cluster = ProcessCluster.started("RandomBytes", ClusterOptions.three());
                PathkeeperClient client = cluster.client()) {
            client.store().create("/kept", Value.NULL);
            Map<String, Long> acknowledged = new ConcurrentHashMap<>();
            ClosedLoop writes = ClosedLoop.start(
                    16,
                    n -> client.async()
                            .create("/kept/n" + n, Value.of(n))
                            .thenAccept(result -> acknowledged.put(result.path(), n)));
            AtomicInteger sent = new AtomicInteger();
            try (writes) {
                attack(cluster, seed, sent);
                long reached = writes.tally().acknowledged();
                Await.until(
                        "writes go on behind the attack",
                        Cluster.PATIENCE,
                        () -> writes.tally().acknowledged() > reached + 50);
            }

            assertThat(sent.get())
                    .as("connections that took bytes, seed %s", seed)
                    .isGreaterThan(100);
            assertThat(cluster.running()).as("seed %s", seed).isEqualTo(cluster.members());
            assertThat(writes.tally().unexpected()).as("seed %s", seed).isEmpty();
            cluster.awaitReady();
            Map<String, Value> found = new TreeMap<>();
            client.store().scanSubtree("/kept").forEachRemaining(znode -> found.put(znode.path(), znode.value()));
            acknowledged.forEach((path, value) -> assertThat(found).containsEntry(path, Value.of(value)));
        }
    }

    private static void attack(ProcessCluster cluster, long seed, AtomicInteger sent) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (String member : cluster.members()) {
            for (String address :
                    List.of(cluster.clientAddress(member), cluster.raftAddress(member), cluster.httpAddress(member))) {
                Random random = new Random(seed + address.hashCode());
                int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
                Thread thread = new Thread(() -> attackPort(port, random, sent), "random-bytes-" + port);
                thread.setDaemon(true);
                thread.start();
                threads.add(thread);
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void attackPort(int port, Random random, AtomicInteger sent) {
        for (int i = 0; i < CONNECTIONS_PER_PORT; i++) {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                socket.setSoLinger(true, 0);
                OutputStream out = socket.getOutputStream();
                out.write(beginning(random.nextInt(5)));
                byte[] bytes = new byte[1 + random.nextInt(MAX_BYTES)];
                random.nextBytes(bytes);
                out.write(bytes);
                out.flush();
                sent.incrementAndGet();
            } catch (IOException e) {
                // the server has closed the connection, as it should
                sent.incrementAndGet();
            }
        }
    }

    /** What makes a server believe for a while that a request is coming. */
    private static byte[] beginning(int kind) {
        return switch (kind) {
            case 0 -> "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            case 1 -> "GET /metrics HTTP/1.1\r\nHost: x\r\nX: ".getBytes(StandardCharsets.US_ASCII);
            case 2 ->
                "POST / HTTP/1.1\r\nContent-Length: 9223372036854775807\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            // the preface, then empty settings, then a header frame whose block is noise
            case 3 ->
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0\0\100\0\1\4\0\0\0\1"
                        .getBytes(StandardCharsets.ISO_8859_1);
            default -> new byte[0];
        };
    }
}
