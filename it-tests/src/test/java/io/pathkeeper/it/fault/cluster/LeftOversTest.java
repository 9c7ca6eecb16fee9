package io.pathkeeper.it.fault.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.it.process.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that looks like a server of a run whose own process is gone is ended; that of a living run is left alone. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LeftOversTest {
    @TempDir
    Path directory;

    @Test
    void endsServersOfDeadRunsOnly() {
        RunName living = RunName.next();
        RunName dead = new RunName(living.pid(), living.startTicks() - 1, 1);
        assertThat(living.isAlive()).isTrue();
        assertThat(dead.isAlive()).isFalse();
        ServerProcess ofLiving = pretended(living);
        ServerProcess ofDead = pretended(dead);

        assertThat(LeftOvers.removeOfDeadRuns()).contains("process " + ofDead.pid());

        assertThat(ofDead.awaitExit(Duration.ofSeconds(10))).isEqualTo(128 + 9);
        assertThat(ofLiving.isRunning()).isTrue();
        LeftOvers.removeOf(living);
        assertThat(ofLiving.awaitExit(Duration.ofSeconds(10))).isEqualTo(128 + 9);
    }

    /** A shell that waits for its input, with the argument by which servers are known. */
    private ServerProcess pretended(RunName run) {
        return ServerProcess.start(
                List.of("sh", "-c", "read line", "server", "--data", "/" + run + "/s1/data"),
                directory,
                directory.resolve("log"));
    }
}
