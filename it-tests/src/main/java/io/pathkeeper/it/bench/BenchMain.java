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
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command line of the benchmark. Exit codes: 0 done, 1 failed, 2 wrong use. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Measures three Pathkeeper servers, and three ZooKeeper and three etcd servers in turn, on this machine.")
public final class BenchMain implements Callable<Integer> {
    private static final Set<String> PEERS = Set.of("ZooKeeper", "etcd");
    private static final Set<String> PEER_OPTIONS = Set.of("zookeeper", "etcd");

    @Option(
            names = "--against",
            paramLabel = "STORE",
            split = ",",
            description = "Measures other stores, too: zookeeper, etcd (its server must be installed).")
    private List<String> against = List.of();

    @Option(
            names = "--through",
            paramLabel = "client|stubs",
            defaultValue = "client",
            description = "How Pathkeeper is called: by its pipelining Java client, or one call for each operation"
                    + " by generated stubs, as etcd is called always; default ${DEFAULT-VALUE}.")
    private String through = "client";

    @Option(
            names = "--workloads",
            split = ",",
            defaultValue = "set,get-lin",
            description =
                    "set, create, delete, txn10 (ten sets in a transaction), get-lin, get-local, mixed-lin, observe, leader-kill, sessions; default ${DEFAULT-VALUE}.")
    private List<String> workloads = List.of();

    @Option(
            names = "--outstanding",
            split = ",",
            defaultValue = "1,128,1024",
            description = "Calls without an answer at a time; default ${DEFAULT-VALUE}.")
    private List<Integer> outstanding = List.of();

    @Option(
            names = "--rate",
            defaultValue = "0",
            description =
                    "Calls due in a second, at most --outstanding under way; latencies count from when a call was due."
                            + " 0: a closed loop, which makes the next call when one is answered; default ${DEFAULT-VALUE}.")
    private int rate;

    @Mixin
    private final TrialOptions trialOptions = new TrialOptions();

    @Option(
            names = "--deletes",
            defaultValue = "100000",
            description = "Znodes that a measurement of deletes has at most; default ${DEFAULT-VALUE}.")
    private int deletes;

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
            names = "--results",
            paramLabel = "DIR",
            description =
                    "Writes RESULTS.md (machine, commit, command, table) and a chart of each workload to a directory.")
    private @Nullable Path results;

    @Option(names = "--commit", hidden = true)
    private String commit = "";

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
        System.exit(run(arguments));
    }

    /** Runs the command line and returns its exit code. */
    static int run(String[] arguments) {
        CommandLine line = new CommandLine(new BenchMain(arguments));
        line.setExecutionExceptionHandler((error, command, parsed) -> {
            if (error instanceof WrongUseException) {
                System.err.println("bench: " + error.getMessage());
                return 2;
            }
            System.err.println("bench: " + (error.getMessage() == null ? error.toString() : error.getMessage()));
            error.printStackTrace();
            return 1;
        });
        return line.execute(arguments);
    }

    /** As they were given. */
    private final List<String> arguments;

    private BenchMain(String[] arguments) {
        this.arguments = List.of(arguments);
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
        Map<String, String> facts = RunFacts.gather(commit, arguments);
        List<Store> stores = stores(options);
        try {
            Comparison comparison = new Comparison(stores, options, System.err);
            comparison.run();
            Results all = new Results(comparison.cells(), comparison.trials(), PEERS);
            System.out.println(all.tables());
            if (json != null) {
                Files.writeString(json, all.json());
            }
            if (results != null) {
                all.write(results, facts);
            }
        } finally {
            stores.forEach(Store::close);
        }
        return 0;
    }

    private List<Store> stores(BenchOptions options) {
        List<Store> stores = new ArrayList<>();
        if (authRules != 0) {
            stores.add(
                    new PathkeeperStore(options.directory().resolve("with-rules"), options, new AuthRules(authRules)));
        }
        stores.add(new PathkeeperStore(options.directory().resolve("pathkeeper"), options));
        for (String peer : against) {
            Path data = options.directory().resolve(peer);
            stores.add(
                    peer.equals("zookeeper")
                            ? new ZooKeeperStore(data, options)
                            : new EtcdStore(etcd(System.getenv("PATH")), data));
        }
        return stores;
    }

    /** Finds etcd's server in a search path. */
    static Path etcd(@Nullable String searchPath) {
        return EtcdServers.program(searchPath)
                .orElseThrow(() -> new WrongUseException("--against etcd needs the program etcd, which is not in PATH:"
                        + " install it (Debian: apt-get install etcd-server)"));
    }

    private BenchOptions options() throws IOException {
        for (String peer : against) {
            if (!PEER_OPTIONS.contains(peer)) {
                throw new WrongUseException("--against is '" + peer + "': there are zookeeper and etcd");
            }
        }
        if (against.contains("etcd")) {
            etcd(System.getenv("PATH")); // before anything is started
        }
        if (!through.equals("client") && !through.equals("stubs")) {
            throw new WrongUseException("--through is '" + through + "': there are client and stubs");
        }
        if (rate < 0) {
            throw new WrongUseException("--rate is " + rate + ": it must be 0 or more calls a second");
        }
        if (!Files.isRegularFile(serverJar)) {
            throw new WrongUseException("there is no server at " + serverJar + ": build it first");
        }
        Files.createDirectories(directory);
        String now = LocalDateTime.now().format(DateTimeFormatter.ofPattern("MMdd-HHmmss"));
        return new BenchOptions(
                through.equals("stubs"),
                workloads.stream()
                        .filter(name -> TrialKind.of(name).isEmpty())
                        .map(Workload::of)
                        .toList(),
                trials(),
                outstanding,
                rate,
                positive("--deletes", deletes),
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

    private List<Trial> trials() {
        List<TrialKind> kinds =
                workloads.stream().flatMap(name -> TrialKind.of(name).stream()).toList();
        Znodes loaded = new Znodes(positive("--znodes", znodes), positive("--value-size", valueSize));
        return trialOptions.trials(kinds, Duration.ofSeconds(positive("--seconds", seconds)), loaded);
    }

    /** The value if it is 1 or more. */
    static int positive(String option, int value) {
        if (value < 1) {
            throw new WrongUseException(option + " is " + value + ": it must be at least 1");
        }
        return value;
    }
}
