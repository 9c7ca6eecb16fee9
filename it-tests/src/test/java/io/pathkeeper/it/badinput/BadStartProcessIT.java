package io.pathkeeper.it.badinput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pathkeeper.it.cluster.ClusterOptions;
import io.pathkeeper.it.cluster.PinnedServer;
import io.pathkeeper.it.cluster.ProcessCluster;
import io.pathkeeper.it.process.ServerProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 400, unit = TimeUnit.SECONDS)
class BadStartProcessIT {
    private static final ClusterOptions ALONE = new ClusterOptions("alone", 1, Map.of());

    @Test
    void saysWhichPortIsInUse() throws IOException {
        try (ProcessCluster cluster = ProcessCluster.create("PortInUse", ALONE)) {
            for (String address :
                    List.of(cluster.clientAddress("s1"), cluster.raftAddress("s1"), cluster.httpAddress("s1"))) {
                int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
                try (ServerSocket taken = new ServerSocket()) {
                    taken.bind(new InetSocketAddress("127.0.0.1", port));
                    assertStartRefused(cluster, cluster.command("s1"), ExitCode.PORT_IN_USE, address, "in use");
                }
            }
        }
    }

    @Test
    void leavesADirectoryAloneThatIsNotOurs() throws IOException {
        try (ProcessCluster cluster = ProcessCluster.create("Foreign", ALONE)) {
            Path data = cluster.dataDirectory("s1");
            Files.createDirectories(data.resolve("photos"));
            Files.writeString(data.resolve("photos/list.txt"), "mine");
            Map<String, Long> before = FailedStart.checksums(data);

            assertStartRefused(cluster, cluster.command("s1"), ExitCode.DATA_DIRECTORY, data.toString());

            assertThat(FailedStart.checksums(data)).isEqualTo(before);
        }
    }

    @Test
    void refusesTheDataOfAnotherClusterAndOfAnotherMember() {
        try (ProcessCluster cluster = ProcessCluster.started("Identity", ALONE)) {
            try (PinnedServer server = cluster.pin("s1")) {
                assertThat(server.status().getHeader().getClusterId()).isEqualTo("alone");
            }
            cluster.stop("s1");
            Map<String, Long> before = FailedStart.checksums(cluster.dataDirectory("s1"));

            assertStartRefused(
                    cluster,
                    replaced(cluster.command("s1"), "--cluster-id", "another"),
                    ExitCode.DATA_DIRECTORY,
                    "another",
                    "alone");
            assertStartRefused(
                    cluster, replaced(cluster.command("s1"), "--member-id", "s9"), ExitCode.DATA_DIRECTORY, "s9", "s1");

            assertThat(FailedStart.checksums(cluster.dataDirectory("s1"))).isEqualTo(before);
        }
    }

    @Test
    void refusesADirectoryThatAnotherServerUses() {
        try (ProcessCluster cluster = ProcessCluster.started("Locked", ALONE);
                ProcessCluster second = ProcessCluster.create("LockedSecond", ALONE)) {
            String data = cluster.dataDirectory("s1").toString();

            assertStartRefused(second, replaced(second.command("s1"), "--data", data), ExitCode.DATA_DIRECTORY, data);

            cluster.awaitReady();
        }
    }

    @Test
    void refusesAWrongCommandLine() {
        try (ProcessCluster cluster = ProcessCluster.create("CommandLine", ALONE)) {
            List<String> unknown = new ArrayList<>(cluster.command("s1"));
            unknown.add("--no-such-option");
            assertStartRefused(cluster, unknown, ExitCode.CONFIGURATION, "--no-such-option");

            List<String> outOfRange = new ArrayList<>(cluster.command("s1"));
            outOfRange.addAll(List.of("--set", "raft.snapshot_entries=1"));
            assertStartRefused(cluster, outOfRange, ExitCode.CONFIGURATION, "raft.snapshot_entries", "1", "100");

            assertThat(cluster.dataDirectory("s1")).doesNotExist();
        }
    }

    @Test
    void saysThatTheDiskIsFull() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can mount a small file system");
        try (ProcessCluster cluster = ProcessCluster.create("FullDisk", ALONE)) {
            Path data = cluster.dataDirectory("s1");
            Files.createDirectories(data);
            assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", data.toString()) == 0, "mount refused");
            try {
                assertStartRefused(cluster, cluster.command("s1"), ExitCode.STORAGE, "No space left on device");
            } finally {
                assertThat(run("umount", data.toString())).isZero();
            }
        }
    }

    private static void assertStartRefused(
            ProcessCluster cluster, List<String> command, int exitCode, String... fragments) {
        ServerProcess process = cluster.start("s1", command);
        FailedStart.assertRefused(process, exitCode, fragments);
    }

    private static List<String> replaced(List<String> command, String option, String value) {
        List<String> changed = new ArrayList<>(command);
        changed.set(changed.indexOf(option) + 1, value);
        return changed;
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
