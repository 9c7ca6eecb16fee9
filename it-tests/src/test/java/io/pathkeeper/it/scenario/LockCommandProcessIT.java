package io.pathkeeper.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.coordination.LockInfo;
import io.pathkeeper.it.cluster.Await;
import io.pathkeeper.it.cluster.Cluster;
import io.pathkeeper.it.cluster.ClusterOptions;
import io.pathkeeper.it.cluster.InProcessCluster;
import io.pathkeeper.pathctl.PathctlMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code pathctl lock} as a process that gets signals, and under it a command that does. */
@Timeout(300)
class LockCommandProcessIT {
    private static final String LOCK = "/locks/signals";
    /** Far above what a test takes: a lock that is free before was given back. */
    private static final String LONG = "300s";

    private final Cluster cluster =
            InProcessCluster.started("LockCommand", new ClusterOptions("scenario", 1, Map.of()));
    private final PathkeeperClient client = cluster.client();

    @TempDir
    Path directory;

    private @Nullable Process process;

    @AfterEach
    void stop() {
        Process started = process;
        if (started != null) {
            started.descendants().forEach(ProcessHandle::destroyForcibly);
            started.destroyForcibly();
        }
        client.close();
        cluster.close();
    }

    private Path note() {
        return directory.resolve("note");
    }

    /** Starts {@code pathctl lock} with a shell script as its command, which finds the path of a file in $NOTE. */
    private Process lock(String sessionTimeout, String script) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                PathctlMain.class.getName(),
                "lock",
                LOCK,
                "--session-timeout",
                sessionTimeout,
                "--kill-after",
                "1s",
                "--timeout",
                "120s",
                "--servers",
                cluster.clientAddress("s1"),
                "--",
                "sh",
                "-c",
                script));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile());
        builder.environment().put("NOTE", note().toString());
        Process started = builder.start();
        process = started;
        return started;
    }

    private void awaitCommand() {
        Await.until("the command runs", Cluster.PATIENCE, () -> Files.exists(note()));
    }

    private LockInfo info() {
        return client.locks().info(LOCK).join();
    }

    private static void signal(String name, Process to) throws Exception {
        assertThat(new ProcessBuilder("kill", "-s", name, Long.toString(to.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private int exitCode(Process of) throws Exception {
        assertThat(of.waitFor(100, TimeUnit.SECONDS))
                .as("it ends: " + Files.readString(directory.resolve("log")))
                .isTrue();
        return of.exitValue();
    }

    @Test
    void sigtermEndsTheCommandAndGivesTheLockBack() throws Exception {
        Process pathctl = lock(LONG, ": > \"$NOTE\"; while :; do sleep 0.2; done");
        awaitCommand();
        assertThat(info().holders()).hasSize(1);

        signal("TERM", pathctl);

        assertThat(exitCode(pathctl)).isEqualTo(143);
        assertThat(info().holders()).isEmpty();
    }

    @Test
    void sigintReachesTheCommandWhichMayTidyUp() throws Exception {
        Process pathctl = lock(
                LONG,
                "trap 'echo tidied > \"$NOTE\"; trap - INT; kill -s INT $$' INT; : > \"$NOTE\""
                        + "; while :; do sleep 0.2; done");
        awaitCommand();

        signal("INT", pathctl);

        assertThat(exitCode(pathctl)).isEqualTo(130);
        assertThat(Files.readString(note())).isEqualTo("tidied\n");
        assertThat(info().holders()).isEmpty();
    }

    @Test
    void whoIsEndedWhileItWaitsLeavesTheQueueAndRunsNothing() throws Exception {
        try (var session = client.sessions().open()) {
            client.locks().acquire(io.pathkeeper.client.coordination.LockRequest.exclusive(LOCK, session));
            Process pathctl = lock(LONG, ": > \"$NOTE\"");
            Await.until("it waits", Cluster.PATIENCE, () -> info().waiterCount() == 1);

            signal("TERM", pathctl);

            assertThat(exitCode(pathctl)).isEqualTo(143);
            assertThat(info().waiterCount()).isZero();
            assertThat(note()).doesNotExist();
        }
    }

    /** No call to a server that does not answer keeps it: each would take the two minutes of --timeout. */
    @Test
    void behindALossItKillsTheCommandInItsGraceAndEndsAtOnce() throws Exception {
        Process pathctl = lock("2s", "trap '' TERM; : > \"$NOTE\"; while :; do sleep 0.2; done");
        awaitCommand();

        long begun = System.nanoTime();
        cluster.kill("s1");

        assertThat(exitCode(pathctl)).isEqualTo(123);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(60));
        assertThat(Files.readString(directory.resolve("log"))).contains("was lost; sh was ended, exit code 137");
    }
}
