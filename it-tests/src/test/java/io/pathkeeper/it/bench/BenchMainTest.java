package io.pathkeeper.it.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class BenchMainTest {
    @TempDir
    Path directory;

    @Test
    void saysWhatToInstallWhereEtcdIsMissing() {
        assertThatThrownBy(() -> BenchMain.etcd(directory.toString()))
                .isInstanceOf(WrongUseException.class)
                .hasMessageContaining("apt-get install etcd-server");
        assertThatThrownBy(() -> BenchMain.etcd(null)).isInstanceOf(WrongUseException.class);
    }

    @Test
    void findsEtcdInTheSearchPath() throws Exception {
        Path other = Files.createDirectory(directory.resolve("other"));
        Path program = Files.createFile(
                directory.resolve("etcd"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));

        assertThat(BenchMain.etcd(other + ":" + directory)).isEqualTo(program.toAbsolutePath());
    }

    @Test
    void wrongUseEndsWithTwoAndOneSentence() {
        assertThat(run("--against", "consul"))
                .isEqualTo("2 bench: --against is 'consul': there are zookeeper and etcd\n");
        assertThat(run("--workloads", "sett"))
                .startsWith("2 bench: unknown workload 'sett': there are set, create, delete");
        assertThat(run("--through", "rest")).startsWith("2 bench: --through is 'rest'");
        assertThat(run("--through", "python", "--against", "zookeeper"))
                .startsWith("2 bench: --through python leaves out ZooKeeper");
        assertThat(run("--through", "python", "--workloads", "set,txn10"))
                .startsWith("2 bench: --through python has no workload 'txn10'");
        assertThat(run("--through", "python", "--rate", "5")).startsWith("2 bench: --through python is a closed loop");
        assertThat(run("--rate", "-1")).startsWith("2 bench: --rate is -1");
        assertThat(run("--repeat", "0")).startsWith("2 bench: --repeat is 0");
        assertThat(run("--workloads", "observe", "--observers", "1,0")).startsWith("2 bench: --observers is 0");
        assertThat(run("--workloads", "sessions", "--session-timeout", "3"))
                .startsWith("2 bench: --session-timeout is 3");
        assertThat(run("--workloads", "sessions", "--sessions-per-message", "1001"))
                .startsWith("2 bench: --sessions-per-message is 1001");
        assertThat(run("--workloads", "observe", "--observer-connections", "-1"))
                .startsWith("2 bench: --observer-connections is -1");
    }

    @Test
    void theShortFormHasEveryWorkloadAndOptionsBesideItWin() {
        assertThat(BenchMain.expanded(new String[] {"--rate", "5"})).containsExactly("--rate", "5");

        List<String> all = List.of(BenchMain.expanded(new String[] {"--seconds=2", "--short", "--sessions", "7"}));

        assertThat(all)
                .contains("--repeat=1", "--session-timeout=4")
                .endsWith("--seconds=2", "--short", "--sessions", "7");
        assertThat(all).doesNotContain("--seconds=1", "--sessions=100");
        String workloads = all.stream()
                .filter(option -> option.startsWith("--workloads="))
                .findFirst()
                .orElseThrow();
        for (Workload workload : Workload.values()) {
            assertThat(workloads).contains(workload.label());
        }
        for (TrialKind kind : TrialKind.values()) {
            assertThat(workloads).contains(kind.label());
        }
    }

    private String run(String... arguments) {
        String[] all = new String[arguments.length + 4];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--server-jar";
        all[arguments.length + 1] = System.getProperty("java.home") + "/release"; // a file; no server is started
        all[arguments.length + 2] = "--directory";
        all[arguments.length + 3] = directory.toString();
        PrintStream before = System.err;
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
        try {
            return BenchMain.run(all) + " " + errors.toString(StandardCharsets.UTF_8);
        } finally {
            System.setErr(before);
        }
    }
}
