package io.pathkeeper.pathctl.check;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.DurationConverter;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.command.StoreCommand;
import io.pathkeeper.pathctl.perf.LoadGenerator;
import io.pathkeeper.pathctl.perf.LoadResult;
import io.pathkeeper.pathctl.perf.TestZnodes;
import io.pathkeeper.pathctl.perf.Workload;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pathctl check perf}. */
@Command(
        name = "perf",
        header = "Put a short load on the cluster and say whether it answers quickly enough.",
        description = {
            "Half sets of 128 bytes, half linearizable reads, of 1,000 znodes below a path of its own, which is deleted at the end; one",
            "second of warm-up is not counted. Never more than 256 calls are under way. The limits are for a cluster with disks of",
            "their own that does little else; pathctl perf measures without a verdict, and harder."
        })
final class PerfCheckCommand extends StoreCommand {
    private static final int ZNODES = 1_000;
    private static final int VALUE_BYTES = 128;
    private static final int MOST_OUTSTANDING = 256;
    private static final Duration WARMUP = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    @Option(
            names = "--seconds",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long, at most 1m. Default: 5.")
    private Duration time = Duration.ofSeconds(5);

    @Option(names = "--outstanding", paramLabel = "N", description = "Calls under way, 1 to 256. Default: 64.")
    private int outstanding = 64;

    @Option(names = "--min-rate", paramLabel = "N", description = "So many calls a second are answered. Default: 1000.")
    private int leastRate = 1_000;

    @Option(
            names = "--max-p99",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "99 of 100 calls take no longer. Default: 100ms.")
    private Duration mostP99 = Duration.ofMillis(100);

    PerfCheckCommand(CommandContext context) {
        super(context);
    }

    @Override
    protected ExitCode run() throws Exception {
        if (outstanding < 1 || outstanding > MOST_OUTSTANDING) {
            throw CommandFailure.usage("--outstanding is " + outstanding + "; allowed are 1 to " + MOST_OUTSTANDING);
        }
        if (time.compareTo(LONGEST) > 0) {
            throw CommandFailure.usage("--seconds is " + time.toSeconds() + " s; at most 60 s are measured");
        }
        LoadResult result = load();
        Verdict verdict = new Verdict();
        verdict.atLeast("calls_per_second", result.perSecond(), leastRate);
        verdict.tell("p50_ms", result.millisAt(50));
        verdict.atMost("p99_ms", result.millisAt(99), mostP99.toNanos() / 1e6);
        verdict.tell("max_ms", result.maxMillis());
        verdict.atMost("errors", result.errorCount(), 0);
        if (json()) {
            printJson(verdict.document());
        } else {
            verdict.print(out());
        }
        if (result.errorCount() > 0) {
            err().println("pathctl: " + result.errorCount() + " calls failed, the first: " + result.firstError());
        }
        return verdict.exitCode();
    }

    private LoadResult load() throws Exception {
        SplittableRandom random = new SplittableRandom();
        byte[] content = new byte[VALUE_BYTES];
        random.nextBytes(content);
        Value value = Value.of(content);
        try (PathkeeperClient client = context.newClient()) {
            TestZnodes nodes = new TestZnodes(client, "/check-perf-" + Long.toHexString(random.nextLong() >>> 32));
            try {
                nodes.create(ZNODES, value);
                return new LoadGenerator(
                                List.of(Workload.MIXED.operation(
                                        client.async(), nodes.paths(), value, nodes.createBelow(), new AtomicLong())),
                                outstanding,
                                random.nextLong())
                        .run(WARMUP, time);
            } finally {
                nodes.delete();
            }
        }
    }
}
