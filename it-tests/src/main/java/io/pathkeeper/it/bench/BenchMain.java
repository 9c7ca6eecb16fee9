package io.pathkeeper.it.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Command line of the benchmark. Exit codes: 0 done, 1 failed, 2 wrong use. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measures three Pathkeeper servers, and three ZooKeeper servers in turn, on this machine.")
public final class BenchMain implements Callable<Integer> {
    @Option(names = "--against", paramLabel = "STORE", description = "Measures another store, too: zookeeper.")
    private @Nullable String against;

    @Option(
            names = "--workloads",
            split = ",",
            defaultValue = "set,get-lin",
            description = "set, create, get-lin, get-local, mixed-lin; default ${DEFAULT-VALUE}.")
    private List<String> workloads = List.of();

    @Option(
            names = "--outstanding",
            split = ",",
            defaultValue = "1,128,1024",
            description = "Calls without an answer at a time; default ${DEFAULT-VALUE}.")
    private List<Integer> outstanding = List.of();

    @Option(names = "--value-size", defaultValue = "128", description = "Bytes of a value; default ${DEFAULT-VALUE}.")
    private int valueSize;

    @Option(names = "--znodes", defaultValue = "100000", description = "Number of znodes; default ${DEFAULT-VALUE}.")
    private int znodes;

    @Option(names = "--warmup", defaultValue = "30", description = "Seconds of load before; default ${DEFAULT-VALUE}.")
    private int warmup;

    @Option(
            names = "--seconds",
            defaultValue = "5",
            description = "Seconds of a measurement; default ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--repeat",
            defaultValue = "3",
            description = "Measurements of each kind; default ${DEFAULT-VALUE}.")
    private int repeat;

    @Option(names = "--clients", defaultValue = "1", description = "Pathkeeper clients; default ${DEFAULT-VALUE}.")
    private int clients;

    @Option(names = "--heap", defaultValue = "1g", description = "Heap of each server; default ${DEFAULT-VALUE}.")
    private String heap = "1g";

    @Option(names = "--jvm-option", description = "Another option of all servers' JVMs; may be given again.")
    private List<String> jvmOptions = new ArrayList<>();

    @Option(names = "--set", description = "Configuration of the Pathkeeper servers, key=value; may be given again.")
    private List<String> settings = new ArrayList<>();

    @Option(names = "--json", paramLabel = "FILE", description = "Writes all samples to a file, too.")
    private @Nullable Path json;

    @Option(
            names = "--auth-rules",
            paramLabel = "COUNT",
            description = "Measures, in turn, also three servers with so many rules in 100 roles, all of the caller:"
                    + " 10000, for example. The ratio is to the servers without authentication.")
    private int authRules;

    @Option(
            names = "--load",
            paramLabel = "COUNT",
            description = "Instead: loads so many znodes, lists, snapshots, kills and restarts Pathkeeper.")
    private int load;

    @Option(
            names = "--backup",
            description = "With --load: measures instead what backups of so many znodes cost, and sets beside them.")
    private boolean backup;

    @Option(names = "--server-jar", required = true, hidden = true)
    private Path serverJar = Path.of("");

    @Option(names = "--directory", required = true, hidden = true)
    private Path directory = Path.of("");

    /** Runs the command line and ends this JVM. */
    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new BenchMain());
        line.setExecutionExceptionHandler((error, command, parsed) -> {
            System.err.println("bench: " + (error.getMessage() == null ? error.toString() : error.getMessage()));
            error.printStackTrace();
            return 1;
        });
        System.exit(line.execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        BenchOptions options = options();
        if (load > 0) {
            if (!backup) {
                // or else a minute goes by until the log is long enough for a snapshot
                settings.add("raft.snapshot_entries=2000");
            }
            try (PathkeeperStore store = new PathkeeperStore(options.directory().resolve("pathkeeper"), options)) {
                Znodes many = new Znodes(load, valueSize);
                System.out.println(
                        backup
                                ? new BackupsBeside(store, many, options, System.err).run()
                                : new ManyZnodes(store, many, System.err).run());
            }
            return 0;
        }
        List<Store> stores = new ArrayList<>();
        if (authRules != 0) {
            stores.add(
                    new PathkeeperStore(options.directory().resolve("with-rules"), options, new AuthRules(authRules)));
        }
        stores.add(new PathkeeperStore(options.directory().resolve("pathkeeper"), options));
        if (options.zookeeper()) {
            stores.add(new ZooKeeperStore(options.directory().resolve("zookeeper"), options));
        }
        try {
            Map<Comparison.Key, Map<String, Cell>> cells = new Comparison(stores, options, System.err).run();
            System.out.println(Report.markdown(cells));
            if (json != null) {
                Files.writeString(json, Report.json(cells));
            }
        } finally {
            stores.forEach(Store::close);
        }
        return 0;
    }

    private BenchOptions options() throws IOException {
        if (against != null && !against.equals("zookeeper")) {
            throw new IllegalArgumentException("--against is '" + against + "': only zookeeper is known");
        }
        if (!Files.isRegularFile(serverJar)) {
            throw new IllegalArgumentException("there is no server at " + serverJar + ": build it first");
        }
        Files.createDirectories(directory);
        String now = LocalDateTime.now().format(DateTimeFormatter.ofPattern("MMdd-HHmmss"));
        return new BenchOptions(
                against != null,
                workloads.stream().map(Workload::of).toList(),
                outstanding,
                positive("--value-size", valueSize),
                positive("--znodes", znodes),
                Duration.ofSeconds(positive("--warmup", warmup)),
                Duration.ofSeconds(positive("--seconds", seconds)),
                positive("--repeat", repeat),
                positive("--clients", clients),
                heap,
                jvmOptions,
                settings,
                serverJar.toAbsolutePath(),
                Files.createTempDirectory(directory.toAbsolutePath(), now + "-"));
    }

    private static int positive(String option, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(option + " is " + value + ": it must be at least 1");
        }
        return value;
    }
}
