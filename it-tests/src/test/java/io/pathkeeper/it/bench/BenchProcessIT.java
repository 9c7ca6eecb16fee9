package io.pathkeeper.it.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The benchmark on real servers, as short as can be: what it tells of them is there, no call fails. {@code bench --short} runs every workload on the peers, too.
 */
@Timeout(300)
class BenchProcessIT {
    @TempDir
    Path directory;

    @Test
    void measuresPathkeeperThroughPlainStubs() throws Exception {
        String samples = samples("--through", "stubs", "--workloads", "txn10,delete,mixed-lin");

        assertThat(samples)
                .contains("\"store\":\"Pathkeeper, stubs\",\"workload\":\"txn10\"", "\"workload\":\"mixed-lin\"")
                .containsPattern("\"workload\":\"delete\",\"outstanding\":4,\"seconds\":[0-9.]+,\"calls\":[1-9]")
                .doesNotContainPattern("\"failed\":[1-9]")
                .doesNotContain("\"calls\":0,");
    }

    @Test
    void measuresPathkeeperFromPython() throws Exception {
        assumeTrue(PythonLoadProcessIT.program().isPresent(), "skipped: Python has no grpcio");

        String samples = samples("--through", "python", "--repository", "..", "--workloads", "set,get-lin,get-local");

        for (String workload : List.of("set", "get-lin", "get-local")) {
            assertThat(samples)
                    .contains("\"store\":\"Pathkeeper, Python\",\"workload\":\"" + workload + "\",\"outstanding\":4,");
        }
        assertThat(samples).doesNotContainPattern("\"failed\":[1-9]").doesNotContain("\"calls\":0,");
    }

    @Test
    void measuresEtcdBesidePathkeeperUnderAnOpenLoad() throws Exception {
        assumeTrue(EtcdServers.program(System.getenv("PATH")).isPresent(), "skipped: etcd is not installed");

        String samples = samples("--against", "etcd", "--rate", "40", "--workloads", "create,txn10");

        assertThat(samples)
                .contains("\"store\":\"Pathkeeper\",\"workload\":\"create at 40/s\"")
                .contains("\"store\":\"etcd\",\"workload\":\"txn10 at 40/s\"")
                .doesNotContainPattern("\"failed\":[1-9]");
        assertThat(samples.split("\"calls\":40,", -1)).hasSize(5); // as many as were due, four times
    }

    @Test
    void everyObserverOfEveryStoreLearnsOfEveryWrite() throws Exception {
        assumeTrue(EtcdServers.program(System.getenv("PATH")).isPresent(), "skipped: etcd is not installed");

        String samples = samples("--against", "zookeeper,etcd", "--workloads", "observe", "--observers", "5");

        for (String store : List.of("Pathkeeper", "ZooKeeper", "etcd")) {
            String start =
                    "{\"store\":\"" + store + "\",\"workload\":\"observe at 100/s\",\"variant\":\"5 observers\",";
            assertThat(samples)
                    .contains(start + "\"figure\":\"events that did not come\",\"runs\":[0.000000]}")
                    .contains(start + "\"figure\":\"observers that were over\",\"runs\":[0.000000]}")
                    .contains(start + "\"figure\":\"delay p99, ms\",\"runs\":[");
        }
    }

    @Test
    void writesComeBackBehindTheLossOfTheLeader() throws Exception {
        String samples =
                samples("--through", "stubs", "--workloads", "leader-kill", "--kills", "1", "--kill-write-rate", "50");

        assertThat(samples)
                .containsPattern("\"Pathkeeper, stubs\",\"workload\":\"leader-kill\",\"variant\":\"50 writes/s\","
                        + "\"figure\":\"without a write p50, ms\",\"runs\":\\[[1-9][0-9]+\\.");
    }

    @Test
    void sessionsLiveWhileTheyAreRenewedAndAreOverBehindThat() throws Exception {
        String samples = samples(
                "--workloads", "sessions", "--sessions", "30", "--session-timeout", "5", "--sessions-per-message", "7");

        String start = "\"store\":\"Pathkeeper\",\"workload\":\"sessions\",\"variant\":\"30\",\"figure\":\"";
        assertThat(samples)
                .contains(start + "lost while kept alive\",\"runs\":[0.000000]}")
                .containsPattern(Pattern.quote(start + "renewals/s\",\"runs\":[") + "[1-9]")
                .containsPattern(Pattern.quote(start + "all over behind the silence, s\",\"runs\":[") + "[1-9]");
    }

    private String samples(String... options) throws Exception {
        Path json = directory.resolve("samples.json");
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of("--outstanding", "4", "--znodes", "100", "--deletes", "200", "--warmup", "1"));
        all.addAll(List.of("--seconds", "1", "--repeat", "1", "--heap", "256m", "--json", json.toString()));
        all.addAll(List.of("--server-jar", System.getProperty("pathkeeper.server.jar")));
        all.addAll(List.of("--directory", directory.toString()));
        assertThat(BenchMain.run(all.toArray(String[]::new))).isZero();
        return Files.readString(json);
    }
}
