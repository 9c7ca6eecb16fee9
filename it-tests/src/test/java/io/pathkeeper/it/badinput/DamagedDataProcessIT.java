package io.pathkeeper.it.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.it.cluster.Await;
import io.pathkeeper.it.cluster.Cluster;
import io.pathkeeper.it.cluster.ClusterOptions;
import io.pathkeeper.it.cluster.PinnedServer;
import io.pathkeeper.it.cluster.ProcessCluster;
import io.pathkeeper.it.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bytes of a stored file are flipped while the server is down: it does not start, says which file, and repairs nothing. */
@Timeout(value = 400, unit = TimeUnit.SECONDS)
class DamagedDataProcessIT {
    private static final ClusterOptions ALONE = new ClusterOptions("alone", 1, Map.of());

    @Test
    void doesNotStartFromADamagedLog() throws IOException {
        try (ProcessCluster cluster = ProcessCluster.started("DamagedLog", ALONE)) {
            write(cluster, 300);
            cluster.kill("s1");

            Path log = newest(cluster, name -> name.startsWith("log_inprogress_"));
            damageMiddle(log);

            assertStartRefusedWithoutARepair(cluster, log);
        }
    }

    @Test
    void doesNotStartFromADamagedSnapshot() throws IOException {
        ClusterOptions options = ALONE.with("raft.snapshot_entries", "100").with("raft.preservation_entries", "0");
        try (ProcessCluster cluster = ProcessCluster.started("DamagedSnapshot", options)) {
            try (PinnedServer server = cluster.pin("s1")) {
                Await.until("a snapshot is written", Cluster.PATIENCE, () -> {
                    write(cluster, 150);
                    return server.status().getSnapshotIndex() > 0;
                });
            }
            cluster.stop("s1");

            Path snapshot = newest(cluster, name -> name.matches("snapshot\\.[0-9_]+"));
            damageMiddle(snapshot);

            assertStartRefusedWithoutARepair(cluster, snapshot);
        }
    }

    private static void assertStartRefusedWithoutARepair(ProcessCluster cluster, Path damaged) throws IOException {
        byte[] before = Files.readAllBytes(damaged);
        cluster.start("s1");
        ServerProcess process = cluster.process("s1");

        FailedStart.assertRefused(
                process, ExitCode.CORRUPT, cluster.dataDirectory("s1").toString(), "cannot be read");

        assertThat(Files.readAllBytes(damaged)).isEqualTo(before);
    }

    private static void write(Cluster cluster, int count) {
        try (PathkeeperClient client = cluster.client()) {
            for (int i = 0; i < count; i++) {
                client.store()
                        .set(
                                "/written",
                                Value.of("value " + i + " ".repeat(200)),
                                io.pathkeeper.client.model.SetOptions.defaults().allowMissing(true));
            }
        }
    }

    private static Path newest(ProcessCluster cluster, Predicate<String> name) throws IOException {
        try (Stream<Path> files = Files.walk(cluster.dataDirectory("s1"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> name.test(file.getFileName().toString()))
                    // names end with numbers: of two the longer one has the larger number
                    .max(Comparator.comparingInt((Path file) -> file.toString().length())
                            .thenComparing(Path::toString))
                    .orElseThrow(() -> new AssertionError("no such file in " + cluster.dataDirectory("s1")));
        }
    }

    /** Flips eight bytes in the middle of what is written; what is only reserved, zeros at the end, does not count. */
    private static void damageMiddle(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        assertThat(end).as("written bytes of %s", file).isGreaterThan(64);
        for (int i = 0; i < 8; i++) {
            bytes[end / 2 + i] ^= (byte) 0x5a;
        }
        Files.write(file, bytes);
    }
}
