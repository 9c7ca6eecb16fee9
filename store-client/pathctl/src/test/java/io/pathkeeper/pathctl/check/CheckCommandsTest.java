package io.pathkeeper.pathctl.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Measurements with a verdict; none leaves anything behind. */
@Timeout(60)
class CheckCommandsTest {
    @TempDir
    private Path dir;

    private final Run run = new Run();

    @Test
    void aDiskWithinItsLimitsPassesAndNothingStays() {
        int code =
                run.pathctl("check", "disk", dir.toString(), "--seconds", "200ms", "--max-p99", "50s", "--max", "50s");

        assertThat(code).as(run.err).isZero();
        assertThat(run.out())
                .containsPattern("fsyncs +\\d+")
                .containsPattern("p99_ms +\\S+ +at most 50,000 +ok")
                .endsWith("passed\n");
        assertThat(dir).isEmptyDirectory();
    }

    @Test
    void measuresAreToldToScripts() {
        int code = run.pathctl(
                "-o",
                "json",
                "check",
                "disk",
                dir.toString(),
                "--seconds",
                "100ms",
                "--max-p99",
                "50s",
                "--max",
                "50s");

        assertThat(code).as(run.err).isZero();
        assertThat(run.out()).contains("\"p50_ms\":", "\"max_ms_limit\":50000", "\"passed\":true");
    }

    @Test
    void aDirectoryThatIsNoneIsRefused() throws Exception {
        Path file = Files.createFile(dir.resolve("file"));

        assertThat(run.pathctl("check", "disk", file.toString())).isEqualTo(ExitCode.USAGE.code());
        assertThat(run.err).contains(file.toString(), "no directory");
        assertThat(run.pathctl("check", "disk", dir.toString(), "--seconds", "61s"))
                .isEqualTo(ExitCode.USAGE.code());
        assertThat(run.err).contains("--seconds");
        assertThat(run.pathctl("check")).isEqualTo(ExitCode.USAGE.code());
        assertThat(run.err).contains("disk or perf");
    }

    @Test
    void aLoadIsJudgedAndItsZnodesGo() {
        int before = run.tree.nodes.size();

        int code = run.pathctl("check", "perf", "--seconds", "200ms", "--min-rate", "1", "--max-p99", "50s");

        assertThat(code).as(run.err).isZero();
        assertThat(run.out())
                .containsPattern("calls_per_second +\\S+ +at least 1.00 +ok")
                .contains("passed");
        assertThat(run.tree.nodes.size()).isEqualTo(before);
    }

    @Test
    void aLimitThatIsNotKeptFails() {
        int code = run.pathctl("check", "perf", "--seconds", "200ms", "--min-rate", "2000000000", "--max-p99", "50s");

        assertThat(code).isEqualTo(ExitCode.CONDITION_FAILED.code());
        assertThat(run.out())
                .containsPattern("calls_per_second +\\S+ +at least 2,000,000,000 +FAILED")
                .endsWith("FAILED\n");
        assertThat(run.pathctl("check", "perf", "--outstanding", "257")).isEqualTo(ExitCode.USAGE.code());
        assertThat(run.err).contains("--outstanding is 257");
    }
}
