package io.pathkeeper.pathctl.command;

import io.pathkeeper.client.AsyncStore;
import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.DurationConverter;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.perf.LoadGenerator;
import io.pathkeeper.pathctl.perf.LoadOperation;
import io.pathkeeper.pathctl.perf.LoadResult;
import io.pathkeeper.pathctl.perf.TestZnodes;
import io.pathkeeper.pathctl.perf.Workload;
import io.pathkeeper.pathctl.text.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code pathctl perf}. */
@Command(
        name = "perf",
        header = "Measure the store: a closed loop with a fixed number of calls under way.",
        description = {
            "Runs each workload with each number of outstanding calls, first a warm-up that is not counted. Workloads:",
            "  set        replace the value of a random znode",
            "  create     create new znodes",
            "  get        read a random znode, linearizably",
            "  get-local  read a random znode as the answering server has it",
            "  mixed      half set, half get",
            "  txn        a transaction: two znodes exist, then sets both",
            "Its znodes are created below --path, which must not exist, and deleted at the end. Latency is from the call to",
            "its answer. CPU is what this process used, client library included, in seconds for 1,000 calls.",
            "Exit code 1 when a call failed."
        })
public final class PerfCommand extends StoreCommand {
    private static final int MAX_OUTSTANDING = 100_000;
    private static final int MAX_CLIENTS = 1_000;

    @Option(
            names = {"-w", "--workload"},
            split = ",",
            paramLabel = "NAME",
            converter = WorkloadConverter.class,
            description = "Workloads. Default: set,get.")
    List<Workload> workloads = List.of(Workload.SET, Workload.GET);

    @Option(
            names = "--outstanding",
            split = ",",
            paramLabel = "N",
            description = "Calls under way. Default: 1,16,128,1024.")
    List<Integer> outstanding = List.of(1, 16, 128, 1024);

    @Option(names = "--value-size", paramLabel = "BYTES", description = "Size of the values. Default: 128.")
    int valueBytes = 128;

    @Option(
            names = "--seconds",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Length of each measurement. Default: 5.")
    Duration measured = Duration.ofSeconds(5);

    @Option(
            names = "--warmup",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Length of each warm-up. Default: 3.")
    Duration warmup = Duration.ofSeconds(3);

    @Option(names = "--znodes", paramLabel = "N", description = "Znodes to choose from. Default: 10000.")
    int znodes = 10_000;

    @Option(names = "--clients", paramLabel = "N", description = "Clients, each with its own connection. Default: 1.")
    int clientCount = 1;

    @Option(names = "--path", paramLabel = "PATH", description = "Where the znodes go. Default: /perf-<random>.")
    String path = "";

    @Option(names = "--keep", description = "Leave the znodes where they are.")
    boolean keep;

    @Option(names = "--seed", paramLabel = "N", description = "Start of the random numbers. Default: 1.")
    long seed = 1;

    /** Made by the table of commands. */
    public PerfCommand(CommandContext context) {
        super(context);
    }

    /** Reads the name of a workload. */
    static final class WorkloadConverter implements ITypeConverter<Workload> {
        @Override
        public Workload convert(String text) {
            for (Workload workload : Workload.values()) {
                if (workload.label().equals(text.toLowerCase(Locale.ROOT))) {
                    return workload;
                }
            }
            throw new TypeConversionException("'" + text + "' is no workload (see perf --help)");
        }
    }

    @Override
    protected ExitCode run() throws Exception {
        outstanding.forEach(n -> check("--outstanding", n, 1, MAX_OUTSTANDING));
        check("--clients", clientCount, 1, MAX_CLIENTS);
        check("--znodes", znodes, 2, 10_000_000);
        check("--value-size", valueBytes, 0, 64 * 1024 * 1024);
        String root = path.isEmpty()
                ? "/perf-" + Long.toHexString(new SplittableRandom().nextLong() >>> 32)
                : context.path(path);
        byte[] content = new byte[valueBytes];
        new SplittableRandom(seed).nextBytes(content);
        Value value = Value.of(content);
        List<PathkeeperClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < clientCount; i++) {
                clients.add(context.newClient());
            }
            TestZnodes nodes = new TestZnodes(clients.get(0), root);
            try {
                nodes.create(znodes, value);
                return measure(clients, nodes, value);
            } finally {
                if (!keep) {
                    nodes.delete();
                }
            }
        } finally {
            clients.forEach(PathkeeperClient::close);
        }
    }

    private ExitCode measure(List<PathkeeperClient> clients, TestZnodes nodes, Value value)
            throws InterruptedException {
        AtomicLong created = new AtomicLong();
        boolean errors = false;
        if (!json()) {
            out().printf(
                            Locale.ROOT,
                            "%d client(s), %d znodes, values of %d bytes, warm-up %.1f s, measured %.1f s%n",
                            clientCount,
                            znodes,
                            valueBytes,
                            warmup.toMillis() / 1e3,
                            measured.toMillis() / 1e3);
        }
        Table table = new Table(
                "WORKLOAD",
                ">OUTSTANDING",
                ">OPS/S",
                ">P50 MS",
                ">P99 MS",
                ">P99.9 MS",
                ">MAX MS",
                ">CPU S/1000",
                ">ERRORS");
        for (Workload workload : workloads) {
            for (int places : outstanding) {
                List<LoadOperation> operations = new ArrayList<>();
                for (PathkeeperClient client : clients) {
                    AsyncStore store = client.async();
                    operations.add(workload.operation(store, nodes.paths(), value, nodes.createBelow(), created));
                }
                LoadResult result = new LoadGenerator(operations, places, seed).run(warmup, measured);
                errors |= result.errorCount() > 0;
                show(table, workload, places, result);
            }
        }
        if (!json()) {
            table.print(out());
        }
        return errors ? ExitCode.UNAVAILABLE : ExitCode.OK;
    }

    private void show(Table table, Workload workload, int places, LoadResult result) {
        if (json()) {
            printJson(Value.of(document(workload, places, result)));
            out().flush();
        } else {
            table.row(
                    workload.label(),
                    places,
                    String.format(Locale.ROOT, "%,.0f", result.perSecond()),
                    millis(result.millisAt(50)),
                    millis(result.millisAt(99)),
                    millis(result.millisAt(99.9)),
                    millis(result.maxMillis()),
                    String.format(Locale.ROOT, "%.4f", result.cpuSecondsPerThousand()),
                    result.errorCount());
        }
        if (result.errorCount() > 0) {
            err().println("pathctl: " + result.errorCount() + " calls failed, the first: " + result.firstError());
        }
    }

    private Map<String, Value> document(Workload workload, int places, LoadResult result) {
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put("workload", Value.of(workload.label()));
        fields.put("outstanding", Value.of(places));
        fields.put("clients", Value.of(clientCount));
        fields.put("value_bytes", Value.of(valueBytes));
        fields.put("znodes", Value.of(znodes));
        fields.put("seconds", Value.of(result.elapsedNanos() / 1e9));
        fields.put("operations", Value.of(result.operationCount()));
        fields.put("operations_per_second", Value.of(result.perSecond()));
        fields.put("p50_ms", Value.of(result.millisAt(50)));
        fields.put("p99_ms", Value.of(result.millisAt(99)));
        fields.put("p999_ms", Value.of(result.millisAt(99.9)));
        fields.put("max_ms", Value.of(result.maxMillis()));
        fields.put("client_cpu_seconds_per_1000", Value.of(result.cpuSecondsPerThousand()));
        fields.put("errors", Value.of(result.errorCount()));
        return fields;
    }

    private static String millis(double millis) {
        return String.format(Locale.ROOT, "%.2f", millis);
    }

    private static void check(String option, long given, long least, long most) {
        if (given < least || given > most) {
            throw CommandFailure.usage(option + " is " + given + "; allowed are " + least + " to " + most);
        }
    }
}
