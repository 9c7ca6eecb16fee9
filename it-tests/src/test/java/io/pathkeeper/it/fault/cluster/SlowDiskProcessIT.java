package io.pathkeeper.it.fault.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.cluster.Quota;
import io.pathkeeper.client.model.Alarm;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.it.cluster.Await;
import io.pathkeeper.it.cluster.Cluster;
import io.pathkeeper.it.cluster.ClusterOptions;
import io.pathkeeper.it.cluster.ProcessCluster;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** A whole server on a disk of which every sync takes 20 ms longer: whether it is slow is what {@code disk.slow_fsync} says. */
@Timeout(300)
@EnabledIf("io.pathkeeper.it.fault.cluster.ShimTest#hasCompiler")
class SlowDiskProcessIT {
    private static final Duration MORE = Duration.ofMillis(20);
    private static final int WRITES = 20;

    @TempDir
    Path directory;

    private @Nullable ProcessCluster cluster;
    private @Nullable PathkeeperClient client;

    @AfterEach
    void stop() {
        if (client != null) {
            client.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    /** Starts the server and has it write; returns a client of it. */
    private PathkeeperClient written(Map<String, String> settings) {
        Shim shim = new Shim(Shim.compile(directory), directory.resolve("control"));
        shim.slowSyncs(MORE);
        ProcessCluster started = ProcessCluster.create("SlowDisk", new ClusterOptions("scenario", 1, settings));
        cluster = started;
        started.start("s1", started.command("s1"), shim.environment());
        started.awaitReady();
        PathkeeperClient made = started.client();
        client = made;
        for (int i = 0; i < WRITES; i++) {
            made.store().create("/n" + i, Value.of(i));
        }
        assertThat(meter(started, "pathkeeper_wal_fsync_duration_seconds_count"))
                .isGreaterThanOrEqualTo(WRITES);
        assertThat(meter(started, "pathkeeper_wal_fsync_duration_seconds_bucket{le=\"0.01\"}"))
                .as("every sync is slowed")
                .isZero();
        return made;
    }

    /** The value of a line of {@code /metrics}; -1 when there is none. */
    private static double meter(Cluster cluster, String series) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + cluster.httpAddress("s1") + "/metrics"))
                .build();
        return HttpClient.newHttpClient()
                .sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .join()
                .body()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElse(-1);
    }

    @Test
    void syncsAboveTheLimitRaiseTheAlarm() {
        PathkeeperClient asked = written(Map.of("disk.slow_fsync", "10ms"));

        Await.until(
                "an alarm",
                Cluster.PATIENCE,
                () -> !asked.store().listAlarms().alarms().isEmpty());

        List<Alarm> alarms = asked.store().listAlarms().alarms();
        assertThat(alarms).singleElement().satisfies(alarm -> {
            assertThat(alarm.type()).isEqualTo("SLOW_DISK");
            assertThat(alarm.memberId()).isEqualTo("s1");
            assertThat(alarm.subject()).isEqualTo("data.dir");
            assertThat(alarm.message()).contains("disk.slow_fsync, which is 10 ms");
        });
        assertThat(meter(cluster, "pathkeeper_alarm{type=\"slow_disk\"}")).isOne();
    }

    /** The quota is looked at behind the alarms, by the same thread: when its value is there, all syncs have been judged. */
    @Test
    void byDefaultTheyAreNotSlow() {
        PathkeeperClient asked = written(Map.of());

        asked.quotas().set(new Quota("marker", "/", 1_000L, null, null)).join();
        Await.until(
                "the quota is looked at",
                Cluster.PATIENCE,
                () -> meter(cluster, "pathkeeper_quota_limit{kind=\"znodes\",name=\"marker\"}") == 1_000);

        assertThat(asked.store().listAlarms().alarms()).isEmpty();
        assertThat(meter(cluster, "pathkeeper_alarm{type=\"slow_disk\"}")).isZero();
    }
}
