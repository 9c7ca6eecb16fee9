package io.pathkeeper.it.fault;

import io.pathkeeper.it.fault.cluster.FaultCluster;
import io.pathkeeper.it.fault.cluster.FaultClusterOptions;
import io.pathkeeper.it.fault.control.AgentJar;
import io.pathkeeper.it.fault.nemesis.Nemeses;
import io.pathkeeper.it.fault.nemesis.Nemesis;
import io.pathkeeper.it.fault.workload.Pace;
import io.pathkeeper.it.fault.workload.Workload;
import io.pathkeeper.it.fault.workload.Workloads;
import io.pathkeeper.it.process.RunFacts;
import io.pathkeeper.it.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Command line of the runs with faults. Exit codes: 0 everything held, 1 something did not, or the run failed, 2 wrong use. */
@Command(
        name = "faults",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Starts real servers, loads them, makes one fault after the other, and checks every promise.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:everything held", "1:something did not, or the run failed", "2:wrong use"})
public final class FaultsMain implements Callable<Integer> {
    @Option(
            names = "--minutes",
            defaultValue = "5",
            description = "How long faults are made; default ${DEFAULT-VALUE}.")
    private double minutes;

    @Option(names = "--seed", description = "Of all dice; default: a random one, which is printed.")
    private @Nullable Long seed;

    @Option(
            names = "--nemesis",
            split = ",",
            paramLabel = "NAME",
            description = "Only these kinds of faults; default: all, see below. 'none' makes no faults.")
    private List<String> nemeses = List.of();

    @Option(
            names = "--workload",
            split = ",",
            paramLabel = "NAME",
            description = "Only these loads; default: all, see below.")
    private List<String> workloads = List.of();

    @Option(
            names = "--faults-every",
            defaultValue = "4",
            paramLabel = "SECONDS",
            description = "Seconds of peace between two faults; default ${DEFAULT-VALUE}.")
    private double faultsEvery;

    @Option(
            names = "--network",
            defaultValue = "auto",
            description =
                    "namespaces (needs root), proxy, or auto: namespaces where they are permitted; default ${DEFAULT-VALUE}.")
    private String network = "auto";

    @Option(names = "--servers", defaultValue = "3", description = "3, 5 or 7; default ${DEFAULT-VALUE}.")
    private int servers;

    @Option(
            names = "--strict",
            description =
                    "Writes that are not back in the time that is promised count as broken: to be used on a machine that does nothing else. The report always tells.")
    private boolean strict;

    @Option(
            names = "--rate",
            paramLabel = "CALLS",
            description =
                    "Calls of all loads together in a second at most, at least 10, so that a long run leaves something of the machine to others; default: as many as the loads make.")
    private @Nullable Integer rate;

    @Option(
            names = "--disk",
            defaultValue = "256",
            paramLabel = "MEGABYTES",
            description = "Size of each server's disk where that is permitted (root); default ${DEFAULT-VALUE}.")
    private int disk;

    @Option(names = "--heap", defaultValue = "400m", description = "Heap of each server; default ${DEFAULT-VALUE}.")
    private String heap = "400m";

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Configuration of the servers; may be given again.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--server-jar",
            paramLabel = "FILE",
            description = "The server's jar, its libraries in lib beside it.")
    private @Nullable Path serverJar;

    @Option(
            names = "--release",
            paramLabel = "DIRECTORY",
            description = "An unpacked release, in place of --server-jar.")
    private @Nullable Path release;

    @Option(
            names = "--directory",
            paramLabel = "DIRECTORY",
            defaultValue = "faults",
            description =
                    "Where a directory is made for the run: logs, report.md, report.json, histories with a violation; default ${DEFAULT-VALUE}.")
    private Path directory = Path.of("faults");

    @Option(names = "--commit", hidden = true)
    private String commit = "";

    private final List<String> arguments;

    private FaultsMain(String... arguments) {
        this.arguments = List.of(arguments);
    }

    /** Runs the command line and ends this JVM. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** Runs the command line and returns the exit code. */
    static int run(String... arguments) {
        CommandLine line = new CommandLine(new FaultsMain(arguments));
        line.setOverwrittenOptionsAllowed(true);
        line.getCommandSpec().usageMessage().footer(footer());
        line.setExecutionExceptionHandler((error, command, parsed) -> {
            System.err.println("faults: " + (error.getMessage() == null ? error.toString() : error.getMessage()));
            if (error instanceof IllegalArgumentException) {
                return 2;
            }
            error.printStackTrace();
            return 1;
        });
        return line.execute(arguments);
    }

    private static String[] footer() {
        List<String> lines = new ArrayList<>(List.of("", "Nemeses:"));
        Nemeses.all()
                .forEach(nemesis -> lines.add(
                        "  " + nemesis.name() + ": " + nemesis.summary().replace("%", "%%")));
        lines.add("");
        lines.add("Workloads:");
        lines.add("  " + String.join(", ", Workloads.names()));
        return lines.toArray(String[]::new);
    }

    @Override
    public Integer call() throws Exception {
        List<Nemesis> chosen = nemeses.isEmpty()
                ? Nemeses.all()
                : nemeses.equals(List.of("none")) ? List.of() : Nemeses.named(nemeses);
        List<Workload> loads = (workloads.isEmpty() ? Workloads.names() : workloads)
                .stream().map(Workloads::make).toList();
        long seedUsed = seed == null ? ThreadLocalRandom.current().nextLong(1, 1_000_000_000) : seed;
        Map<String, String> all = new LinkedHashMap<>(FaultClusterOptions.hurriedSettings(seedUsed));
        all.putAll(settings);
        FaultClusterOptions wanted = new FaultClusterOptions(
                servers,
                List.of(
                        ServerProcess.java(),
                        "-Xmx" + heap,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "-jar",
                        jar().toString()),
                directory,
                network,
                disk,
                all);
        if (minutes <= 0 || faultsEvery < 0) {
            throw new IllegalArgumentException("--minutes is " + minutes + " and --faults-every " + faultsEvery
                    + ": the first must be above 0, the other not below");
        }
        if (strict && settings.containsKey("raft.election_timeout_max")) {
            throw new IllegalArgumentException("--strict stands on the default raft.election_timeout_max, which is "
                    + settings.get("raft.election_timeout_max") + " here: leave one of them out");
        }
        FaultRunOptions run = new FaultRunOptions(
                Duration.ofMillis(Math.round(minutes * 60_000)),
                seedUsed,
                Duration.ofMillis(Math.round(faultsEvery * 1_000)),
                chosen,
                loads,
                strict,
                rate == null ? Pace.unlimited() : Pace.perSecond(rate));
        System.err.println("seed " + seedUsed);
        if (chosen.stream().noneMatch(nemesis -> nemesis.name().equals("power-loss"))) {
            return run(wanted, run, RunFacts.gather("faults", commit, arguments));
        }
        // it changes nothing in the servers, and notes what they force to disk
        AgentJar agent = AgentJar.write(directory.resolve("agent"));
        return run(
                wanted.withAgent((data, record) -> agent.option(null, data, record)),
                run,
                RunFacts.gather("faults", commit, arguments));
    }

    private static int run(FaultClusterOptions wanted, FaultRunOptions run, Map<String, String> ofMachine)
            throws IOException, InterruptedException {
        long begun = System.nanoTime();
        FaultReport report;
        Path where;
        try (FaultCluster cluster = FaultCluster.start(wanted)) {
            where = cluster.directory();
            System.err.println("network: " + cluster.networkNote() + "; logs: " + where);
            Map<String, String> facts = new LinkedHashMap<>(ofMachine);
            facts.put("seed", Long.toString(run.seed()));
            facts.put("minutes", Double.toString(run.length().toMillis() / 60_000.0));
            facts.put("rate", run.pace().toString());
            facts.put("servers", Integer.toString(cluster.size()));
            facts.put("network", cluster.networkNote());
            facts.put(
                    "disks",
                    cluster.disk(0).isLimited() ? wanted.diskMegabytes() + " MB each, in memory" : "directories");
            facts.put("settings", cluster.settings().toString());
            facts.put("version", cluster.version());
            report = new FaultReport(facts);
            try {
                new FaultRun(cluster, run, report, System.err::println).run();
            } catch (RuntimeException e) {
                report.violation("the run failed: " + e);
                throw e;
            } finally {
                report.took(Duration.ofNanos(System.nanoTime() - begun));
                for (Map.Entry<String, String> history : report.histories().entrySet()) {
                    Files.writeString(where.resolve("history-" + history.getKey() + ".txt"), history.getValue());
                }
                Files.writeString(where.resolve("report.md"), report.markdown(true));
                Files.writeString(where.resolve("report.json"), report.json());
            }
        }
        System.out.println(report.markdown(false));
        System.out.println("report: " + where.resolve("report.md"));
        System.out.println("faults: " + report.passed() + " passed, " + report.failed() + " failed");
        return report.failed() == 0 ? 0 : 1;
    }

    private Path jar() throws IOException {
        if (release != null) {
            try (Stream<Path> files = Files.list(release)) {
                return files.filter(
                                file -> String.valueOf(file.getFileName()).matches("pathkeeper-server-[0-9].*\\.jar"))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(
                                "--release: there is no pathkeeper-server jar in " + release))
                        .toAbsolutePath();
            }
        }
        if (serverJar == null || !Files.isRegularFile(serverJar)) {
            throw new IllegalArgumentException(
                    "there is no server at " + serverJar + ": give --server-jar or --release");
        }
        return serverJar.toAbsolutePath();
    }
}
