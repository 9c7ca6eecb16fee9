package io.pathkeeper.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.it.fault.cluster.FaultCluster;
import io.pathkeeper.it.fault.cluster.FaultClusterOptions;
import io.pathkeeper.it.fault.nemesis.Injection;
import io.pathkeeper.it.fault.nemesis.Nemeses;
import io.pathkeeper.it.fault.nemesis.Nemesis;
import io.pathkeeper.it.fault.workload.Findings;
import io.pathkeeper.it.fault.workload.Pace;
import io.pathkeeper.it.fault.workload.Servers;
import io.pathkeeper.it.fault.workload.Workload;
import io.pathkeeper.it.process.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Short runs behind proxies, with a workload that claims a violation and a server that ends without a fault: the report has both, and what held; so it is when faults fail to begin or to end. */
@Timeout(value = 400, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FaultsProcessIT {
    /** A nemesis that holds for a second. */
    private record Brief(Nemesis nemesis) implements Nemesis {
        @Override
        public String name() {
            return nemesis.name();
        }

        @Override
        public String summary() {
            return nemesis.summary();
        }

        @Override
        public Duration hold(SplittableRandom dice) {
            return Duration.ofSeconds(1);
        }

        @Override
        public Injection begin(FaultCluster cluster, SplittableRandom dice) throws InterruptedException {
            return nemesis.begin(cluster, dice);
        }
    }

    /** Ends a server behind the harness's back, and claims to have seen something. */
    private static final class Planted implements Workload {
        private final ServerProcess victim;

        Planted(ServerProcess victim) {
            this.victim = victim;
        }

        @Override
        public String name() {
            return "planted";
        }

        @Override
        public int clients() {
            return 1;
        }

        @Override
        public void prepare(Servers servers) {
            assertThat(servers.addresses()).hasSize(3);
        }

        @Override
        public void run(int client, SplittableRandom dice, BooleanSupplier stopping) {
            victim.stop(Duration.ofSeconds(20));
        }

        @Override
        public Findings check() {
            return new Findings(name(), 1, List.of("stale: planted"));
        }

        @Override
        public void close() {
            // it has nothing
        }
    }

    /** Parts the leader from all others, and fails: to begin, or to end. */
    private record Failing(boolean begins) implements Nemesis {
        private static final Nemesis KIND =
                Nemeses.named(List.of("isolate-leader")).get(0);

        @Override
        public String name() {
            return "failing";
        }

        @Override
        public String summary() {
            return "fails";
        }

        @Override
        public Duration hold(SplittableRandom dice) {
            return Duration.ZERO;
        }

        @Override
        public Injection begin(FaultCluster cluster, SplittableRandom dice) throws InterruptedException {
            String what = KIND.begin(cluster, dice).what();
            if (!begins) {
                throw new IllegalStateException("planted behind: " + what);
            }
            return new Injection(what, false) {
                @Override
                public void end() {
                    throw new IllegalStateException("planted at the end");
                }
            };
        }
    }

    @Test
    void aRunFindsWhatIsPlanted() throws InterruptedException {
        FaultReport report = new FaultReport(Map.of());
        List<String> progress = new ArrayList<>();
        run(new Brief(Nemeses.named(List.of("isolate-leader")).get(0)), report, progress);

        assertThat(report.violations())
                .hasSize(2)
                .anyMatch(violation -> violation.contains("s1 ended by itself with exit code 0"))
                .contains("planted: stale: planted");
        assertThat(report.faultCount()).isEqualTo(1);
        assertThat(report.heals().count()).isEqualTo(1);
        assertThat(report.markdown(true))
                .contains("isolate-leader")
                .contains("all 3 servers have")
                .contains("| recovery-probe |");
        assertThat(progress).anyMatch(line -> line.contains("reaches nobody") && !line.contains("NO EFFECT"));
    }

    @Test
    void aFaultThatCannotBeginIsToldAndHealedAndTheRunGoesOn() throws InterruptedException {
        FaultReport report = new FaultReport(Map.of());
        run(new Failing(false), report, new ArrayList<>());

        assertThat(report.violations())
                .anyMatch(violation -> violation.startsWith("failing could not begin: planted behind: the leader"))
                .contains("planted: stale: planted")
                .noneMatch(violation -> violation.contains("broke off"));
        assertThat(report.faultCount()).isZero();
        assertThat(report.markdown(true))
                .contains("all 3 servers have")
                .contains("| recovery-probe |")
                .contains("| failing, without effect | 1 |");
    }

    @Test
    void aRunThatBreaksOffChecksWhatCanBeChecked() throws InterruptedException {
        FaultReport report = new FaultReport(Map.of());
        run(new Failing(true), report, new ArrayList<>());

        assertThat(report.violations())
                .contains("the run broke off: planted at the end")
                .contains("planted: stale: planted");
        assertThat(report.markdown(true)).contains("all 3 servers have").contains("| recovery-probe |");
    }

    private static void run(Nemesis nemesis, FaultReport report, List<String> progress) throws InterruptedException {
        Path jar =
                Path.of(Objects.requireNonNull(System.getProperty("pathkeeper.server.jar"), "pathkeeper.server.jar"));
        Path directory = Path.of(System.getProperty("pathkeeper.it.directory", "target/clusters"));
        FaultClusterOptions options = new FaultClusterOptions(
                3,
                List.of(
                        ServerProcess.java(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        jar.toString()),
                directory,
                "proxy",
                256,
                FaultClusterOptions.hurriedSettings());
        try (FaultCluster cluster = FaultCluster.start(options)) {
            FaultRunOptions run = new FaultRunOptions(
                    Duration.ofMillis(1_500),
                    1,
                    Duration.ofSeconds(1),
                    List.of(nemesis),
                    List.of(new Planted(cluster.process(0))),
                    false,
                    Pace.unlimited());
            new FaultRun(cluster, run, report, progress::add).run();
        }
    }
}
