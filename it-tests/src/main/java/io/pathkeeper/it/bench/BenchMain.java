package io.pathkeeper.it.bench;

import io.pathkeeper.it.process.RunFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private static final Set<String> PEERS = Set.of("ZooKeeper", "etcd", "etcd, Python");
    private static final Set<String> PEER_OPTIONS = Set.of("zookeeper", "etcd");

    private static final String PYTHON = "python";
    private static final Set<String> THROUGH = Set.of("client", "stubs", PYTHON);

    private static final int MILLION = 1_000_000;
    private static final int SCALE_RATE = 1_000;
    /** Or else a minute goes by until the log is long enough for a snapshot. */
    private static final String FREQUENT_SNAPSHOTS = "raft.snapshot_entries=2000";

    /** What {@code --short} stands for. */
    static final List<String> SHORT = List.of(
            "--workloads=create,set,get-lin,get-local,mixed-lin,txn10,delete,observe,leader-kill,sessions,scale",
            "--outstanding=16",
            "--znodes=2000",
            "--deletes=2000",
            "--warmup=5",
            "--seconds=1",
            "--repeat=1",
            "--heap=256m",
            "--observers=20",
            "--kills=1",
            "--kill-write-rate=100",
            "--sessions=100",
            "--session-timeout=4",
            "--load=20000");

    @Option(
            names = "--against",
            paramLabel = "STORE",
            split = ",",
            description = "Measures other stores, too: zookeeper, etcd (its server must be installed).")
    private List<String> against = List.of();

    @Option(
            names = "--through",
            paramLabel = "client|stubs|python",
            defaultValue = "client",
            description = "How Pathkeeper is called: by its pipelining Java client, or one call for each operation"
                    + " by generated stubs, as etcd is called always; python: all stores by such calls from a Python process,"
                    + " for set, get-lin and get-local, without ZooKeeper; default ${DEFAULT-VALUE}.")
    private String through = "client";

    @Option(
            names = "--workloads",
            split = ",",
            defaultValue = "set,get-lin",
            description =
                    "set, create, delete, txn10 (ten sets in a transaction), get-lin, get-local, mixed-lin, observe, leader-kill, sessions, scale; default ${DEFAULT-VALUE}.")
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
            description = "scale: znodes, 1000000 if not given; without scale among --workloads that alone.")
    private int load;

    @Option(names = "--backup", description = "Instead: what backups of --load znodes cost, and sets beside them.")
    private boolean backup;

    @Option(
            names = "--short",
            description =
                    "Every workload once, very short, within five minutes: whether they run. Options behind it change it.")
    private boolean brief;

    @Option(names = "--server-jar", required = true, hidden = true)
    private Path serverJar = Path.of("");

    @Option(names = "--repository", hidden = true)
    private Path repository = Path.of("");

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
        return line.execute(expanded(arguments));
    }

    /** The short form's options before those that were given, which thereby win. */
    static String[] expanded(String[] arguments) {
        List<String> given = List.of(arguments);
        if (!given.contains("--short")) {
            return arguments;
        }
        List<String> all = new ArrayList<>();
        for (String option : SHORT) {
            // a list of the short form and a given one would be joined
            String name = option.substring(0, option.indexOf('='));
            if (given.stream().noneMatch(word -> word.equals(name) || word.startsWith(name + "="))) {
                all.add(option);
            }
        }
        all.addAll(given);
        return all.toArray(String[]::new);
    }

    @Option(
            names = "--threads",
            paramLabel = "FILE",
            description =
                    "Also tells how often the threads of servers and client wait in an operation, and what of the processors"
                            + " they take: a table for each measurement, written behind what the file has. Linux only; not with python.")
    private @Nullable Path threads;

    /** As they were given. */
    private final List<String> arguments;

    private BenchMain(String[] arguments) {
        this.arguments = List.of(arguments);
    }

    @Override
    public Integer call() throws Exception {
        BenchOptions options = options();
        if (backup) {
            measureBackups(options);
            return 0;
        }
        Map<String, String> facts = RunFacts.gather("bench", commit, arguments);
        TrialResults trials = new TrialResults();
        Map<Comparison.Key, Map<String, Cell>> cells = compare(options, trials);
        if (hasScale()) {
            measureScale(options, trials);
        }
        Results all = new Results(cells, trials, PEERS);
        System.out.println(all.tables());
        if (json != null) {
            Files.writeString(json, all.json());
        }
        if (results != null) {
            all.write(results, facts);
        }
        return 0;
    }

    private Map<Comparison.Key, Map<String, Cell>> compare(BenchOptions options, TrialResults trials) throws Exception {
        if (options.workloads().isEmpty() && options.trials().isEmpty()) {
            return Map.of();
        }
        List<Store> stores = stores(options, options.directory());
        try {
            Comparison comparison = new Comparison(stores, options, trials, System.err);
            if (threads != null) {
                comparison = comparison.withThreads(threads);
            }
            comparison.run();
            return comparison.cells();
        } finally {
            stores.forEach(Store::close);
        }
    }

    /** One store after the other, so that each has the machine's memory for itself. */
    private void measureScale(BenchOptions options, TrialResults trials) throws Exception {
        settings.add(FREQUENT_SNAPSHOTS);
        Trial trial = new ScaleTrial(scaleZnodes(), scaleRate(), options.measured());
        for (int repeat = 0; repeat < options.repeats(); repeat++) {
            Path directory = options.directory().resolve("scale-" + (repeat + 1));
            for (Store store : Comparison.order(stores(options, directory), repeat)) {
                try (store) {
                    Map<Figure, Double> figures = trial.run(store, System.err);
                    trials.add(trial, store.name(), figures);
                    System.err.println(TrialResults.line(trial, store.name(), figures));
                }
            }
        }
    }

    private void measureBackups(BenchOptions options) throws Exception {
        try (PathkeeperStore store = new PathkeeperStore(options.directory().resolve("pathkeeper"), options)) {
            System.out.println(new BackupsBeside(store, scaleZnodes(), options, System.err).run());
        }
    }

    private boolean hasScale() {
        return chosen().stream().anyMatch(name -> TrialKind.of(name).equals(Optional.of(TrialKind.SCALE)));
    }

    private Znodes scaleZnodes() {
        return new Znodes(load > 0 ? load : MILLION, valueSize);
    }

    private int scaleRate() {
        return rate > 0 ? rate : SCALE_RATE;
    }

    /** Workloads as they were given; with {@code --load} and without {@code scale} among them that alone. */
    private List<String> chosen() {
        boolean named = workloads.stream().anyMatch(name -> TrialKind.of(name).equals(Optional.of(TrialKind.SCALE)));
        return load > 0 && !named ? List.of(TrialKind.SCALE.label()) : workloads;
    }

    private List<Store> stores(BenchOptions options, Path directory) {
        List<Store> stores = new ArrayList<>();
        if (authRules != 0) {
            stores.add(new PathkeeperStore(directory.resolve("with-rules"), options, new AuthRules(authRules)));
        }
        stores.add(new PathkeeperStore(directory.resolve("pathkeeper"), options));
        for (String peer : against) {
            Path data = directory.resolve(peer);
            stores.add(
                    peer.equals("zookeeper")
                            ? new ZooKeeperStore(data, options)
                            : new EtcdStore(etcd(System.getenv("PATH")), data, options.python()));
        }
        return stores;
    }

    /** Finds etcd's server in a search path. */
    static Path etcd(@Nullable String searchPath) {
        return EtcdServers.program(searchPath)
                .orElseThrow(() -> new WrongUseException("--against etcd needs the program etcd, which is not in PATH:"
                        + " install it (Debian: apt-get install etcd-server)"));
    }

    private BenchOptions options() throws IOException, InterruptedException {
        for (String peer : against) {
            if (!PEER_OPTIONS.contains(peer)) {
                throw new WrongUseException("--against is '" + peer + "': there are zookeeper and etcd");
            }
        }
        if (against.contains("etcd")) {
            etcd(System.getenv("PATH")); // before anything is started
        }
        if (!THROUGH.contains(through)) {
            throw new WrongUseException("--through is '" + through + "': there are client, stubs and python");
        }
        if (rate < 0) {
            throw new WrongUseException("--rate is " + rate + ": it must be 0 or more calls a second");
        }
        if (!Files.isRegularFile(serverJar)) {
            throw new WrongUseException("there is no server at " + serverJar + ": build it first");
        }
        Optional<PythonProgram> python = python();
        Files.createDirectories(directory);
        String now = LocalDateTime.now().format(DateTimeFormatter.ofPattern("MMdd-HHmmss"));
        return new BenchOptions(
                through.equals("stubs"),
                python,
                chosen().stream()
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

    private Optional<PythonProgram> python() throws IOException, InterruptedException {
        if (!through.equals(PYTHON)) {
            return Optional.empty();
        }
        if (rate > 0 || backup) {
            throw new WrongUseException("--through python is a closed loop: leave out --rate and --backup");
        }
        if (threads != null) {
            throw new WrongUseException("--through python calls from a process of its own: leave out --threads");
        }
        PythonProgram.checkUse(against, chosen());
        return Optional.of(PythonProgram.find(repository, System.getenv()));
    }

    private List<Trial> trials() {
        List<TrialKind> kinds =
                chosen().stream().flatMap(name -> TrialKind.of(name).stream()).toList();
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
