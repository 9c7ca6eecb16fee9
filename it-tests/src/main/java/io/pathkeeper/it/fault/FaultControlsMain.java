package io.pathkeeper.it.fault;

import io.pathkeeper.it.fault.cluster.FaultCluster;
import io.pathkeeper.it.fault.cluster.FaultClusterOptions;
import io.pathkeeper.it.fault.control.AgentJar;
import io.pathkeeper.it.fault.control.agent.Effect;
import io.pathkeeper.it.fault.workload.Pace;
import io.pathkeeper.it.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Command line of the positive controls: each is a run of the harness on servers with a planted fault. Exit codes: 0 all were found for what they are, 1 one was not, or a
 * run failed, 2 wrong use.
 */
@Command(
        name = "fault-controls",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Runs the harness on servers with planted faults, each of which it must find for what it is.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all were found", "1:one was not, or a run failed", "2:wrong use"})
public final class FaultControlsMain implements Callable<Integer> {
    private static final Duration PEACE = Duration.ofSeconds(3);
    private static final int DISK_MEGABYTES = 256;
    private static final int SHOWN = 160;
    private static final String NOTHING = "nothing";

    @Option(
            names = "--control",
            split = ",",
            paramLabel = "NAME",
            description =
                    "Only these: reads-unconfirmed, ratis-read-index, exactly-once-off, log-not-forced, history-gap,"
                            + " follower-expiry, disk-unwatched; default: all.")
    private List<String> names = List.of();

    @Option(
            names = "--minutes",
            defaultValue = "1",
            description = "How long faults are made in one run; default ${DEFAULT-VALUE}.")
    private double minutes;

    @Option(
            names = "--runs",
            defaultValue = "5",
            description = "So many runs may end green before a control counts as not found; default ${DEFAULT-VALUE}.")
    private int runs;

    @Option(
            names = "--honest",
            description = "The same runs on servers without the planted faults: they must end green.")
    private boolean honest;

    @Option(names = "--seed", description = "Of all dice; default: a random one, which is printed.")
    private @Nullable Long seed;

    @Option(
            names = "--network",
            defaultValue = "auto",
            description = "namespaces (needs root), proxy, or auto; default ${DEFAULT-VALUE}.")
    private String network = "auto";

    @Option(names = "--server-jar", required = true, paramLabel = "FILE", description = "The server's jar.")
    private Path serverJar = Path.of("");

    @Option(
            names = "--directory",
            defaultValue = "fault-controls",
            paramLabel = "DIRECTORY",
            description = "For data, logs and reports; default ${DEFAULT-VALUE}.")
    private Path directory = Path.of("fault-controls");

    /** What became of a control. */
    private record Outcome(FaultControl control, int runs, boolean tookEffect, int faults, String said, boolean red) {
        /** Whether it is what must come out. */
        boolean isRight(boolean honest) {
            return honest ? !tookEffect && said.equals(NOTHING) : tookEffect && red;
        }
    }

    /** Runs the command line and ends this JVM. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** Runs the command line and returns the exit code. */
    static int run(String... arguments) {
        CommandLine line = new CommandLine(new FaultControlsMain());
        line.setOverwrittenOptionsAllowed(true);
        line.setExecutionExceptionHandler((error, command, parsed) -> {
            System.err.println("fault-controls: " + error.getMessage());
            if (error instanceof IllegalArgumentException) {
                return 2;
            }
            error.printStackTrace();
            return 1;
        });
        return line.execute(arguments);
    }

    @Override
    public Integer call() throws Exception {
        List<FaultControl> chosen = FaultControl.named(names);
        if (minutes <= 0 || runs < 1 || !Files.isRegularFile(serverJar)) {
            throw new IllegalArgumentException("--minutes is " + minutes + ", --runs " + runs + ", --server-jar "
                    + serverJar + ": the first two must be above 0, the last a file");
        }
        long used = seed == null ? ThreadLocalRandom.current().nextLong(1, 1_000_000_000) : seed;
        System.err.println("seed " + used);
        AgentJar agent = AgentJar.write(directory.resolve("agent"));
        List<Outcome> outcomes = new ArrayList<>();
        for (FaultControl control : chosen) {
            outcomes.add(outcome(control, agent, used));
        }
        return report(outcomes, used, honest) ? 0 : 1;
    }

    private Outcome outcome(FaultControl control, AgentJar agent, long used) throws IOException, InterruptedException {
        Outcome last = null;
        for (int run = 0; run < runs; run++) {
            last = once(control, agent, used + run, run + 1);
            // without a fault every run has to end green, with one the first red one is enough
            if (last.isRight(honest) != honest) {
                break;
            }
        }
        if (last == null) {
            throw new IllegalStateException("no run of " + control.fault().label());
        }
        return last;
    }

    private Outcome once(FaultControl control, AgentJar agent, long used, int number)
            throws IOException, InterruptedException {
        System.err.println("control " + control.fault().label() + ", run " + number + ": "
                + (honest ? "without its fault" : control.fault().sentence()));
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("control", control.fault().label());
        facts.put("seed", Long.toString(used));
        FaultReport report = new FaultReport(facts);
        FaultRunOptions options = new FaultRunOptions(
                Duration.ofMillis(Math.round(minutes * 60_000)),
                used,
                PEACE,
                control.nemeses(),
                List.of(control.workload()),
                false,
                Pace.unlimited());
        boolean tookEffect;
        try (FaultCluster cluster = FaultCluster.start(servers(control, agent))) {
            try {
                new FaultRun(cluster, options, report, System.err::println).run();
            } catch (RuntimeException e) {
                // a store that has lost its data can break a run off: that is told, and is not the right reason
                report.violation("the run broke off: " + e);
            }
            Files.writeString(cluster.directory().resolve("report.md"), report.markdown(true));
            tookEffect = tookEffect(cluster.directory(), control);
        }
        Optional<String> right = control.rightReason(report.violations());
        String said = right.orElseGet(() -> report.violations().isEmpty()
                ? NOTHING
                : "something else: " + report.violations().get(0));
        return new Outcome(control, number, tookEffect, report.faultCount(), said, right.isPresent());
    }

    private FaultClusterOptions servers(FaultControl control, AgentJar agent) {
        Map<String, String> settings = new LinkedHashMap<>(FaultClusterOptions.hurriedSettings());
        settings.putAll(control.settings());
        return new FaultClusterOptions(
                        3,
                        List.of(
                                ServerProcess.java(),
                                "-Xmx400m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-jar",
                                serverJar.toAbsolutePath().toString()),
                        directory,
                        network,
                        DISK_MEGABYTES,
                        settings)
                .withAgent((data, record) -> agent.option(honest ? null : control.fault(), data, record));
    }

    private static boolean tookEffect(Path directory, FaultControl control) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path log :
                    files.filter(file -> file.toString().endsWith(".log")).toList()) {
                if (Files.readString(log).contains(Effect.MARK + control.fault().label())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String word(boolean yes, boolean wanted) {
        String word = yes ? "yes" : "no";
        return yes == wanted ? word : word.toUpperCase(Locale.ROOT);
    }

    private static boolean report(List<Outcome> outcomes, long used, boolean honest) {
        StringBuilder text =
                new StringBuilder("# Controls" + (honest ? ", on servers without the faults" : "") + "\n\nseed " + used
                        + "\n\n| planted fault | load | runs | faults from outside | took effect | red for the right reason | what the load said |\n"
                        + "|---|---|---:|---:|---|---|---|\n");
        int failed = 0;
        for (Outcome outcome : outcomes) {
            failed += outcome.isRight(honest) ? 0 : 1;
            String said = outcome.said.lines().findFirst().orElse("").replace("|", "\\|");
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %d | %d | %s | %s | %s |%n",
                    outcome.control.fault().label(),
                    outcome.control.workloadName(),
                    outcome.runs,
                    outcome.faults,
                    word(outcome.tookEffect, !honest),
                    word(outcome.red, !honest),
                    said.length() > SHOWN ? said.substring(0, SHOWN) + "..." : said));
        }
        System.out.println(text);
        System.out.println("fault-controls: " + (outcomes.size() - failed) + " passed, " + failed + " failed");
        return failed == 0;
    }
}
