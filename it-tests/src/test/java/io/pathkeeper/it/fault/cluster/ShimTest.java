package io.pathkeeper.it.fault.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** What a process under the shim sees of clock and disk. Without gcc there is no shim, and runs say so. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@EnabledIf("hasCompiler")
class ShimTest {
    @TempDir
    Path directory;

    private Shim shim;

    static boolean hasCompiler() {
        return Shell.attempt("gcc", "--version").code() == 0;
    }

    @BeforeEach
    void compile() {
        shim = new Shim(Shim.compile(directory), directory.resolve("control"));
    }

    @Test
    void stepsTheWallClockEitherWayAndBack() throws Exception {
        for (Duration step :
                List.of(Duration.ofHours(3), Duration.ofDays(-400), Duration.ofMillis(-500), Duration.ZERO)) {
            shim.stepClock(step);
            Instant before = Instant.now().plus(step);
            Ended date = run("date", "+%s%N");
            Instant after = Instant.now().plus(step);

            long nanos = Long.parseLong(date.output().strip());
            Instant seen = Instant.ofEpochSecond(nanos / 1_000_000_000, nanos % 1_000_000_000);
            assertThat(seen).as("a step of %s", step).isBetween(before.minusMillis(1), after.plusMillis(1));
        }
    }

    @Test
    void failsSyncsUntilHealed() throws Exception {
        shim.failSyncs();
        Ended failed = run("sync", "-d", directory.resolve("control").toString());
        shim.heal();
        Ended healed = run("sync", "-d", directory.resolve("control").toString());

        assertThat(shim.hinderedSyncs()).isEqualTo(1);
        assertThat(failed.code()).isNotZero();
        assertThat(failed.output()).contains("Input/output error");
        assertThat(healed.code()).as(healed.output()).isZero();
    }

    @Test
    void slowsSyncs() throws Exception {
        shim.slowSyncs(Duration.ofMillis(700));
        long begun = System.nanoTime();
        Ended slow = run("sync", "-d", directory.resolve("control").toString());

        assertThat(slow.code()).isZero();
        assertThat(shim.hinderedSyncs()).isEqualTo(1);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(700));
    }

    private record Ended(int code, String output) {}

    private Ended run(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(shim.environment());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }
}
