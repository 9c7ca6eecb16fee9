package io.pathkeeper.pathctl.check;

import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.DurationConverter;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.command.StoreCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pathctl check disk}. */
@Command(
        name = "disk",
        header = "Measure how long the disk of a directory takes to make writes durable.",
        description = {
            "Writes 4 KiB one behind the other into a file of 8 MiB in DIRECTORY, as a server's log does, with an fsync behind each, and",
            "deletes the file. Needs no server. Every write of a cluster waits for two such fsyncs: of the leader and of another server.",
            "Do it on the machine of the server, in its data directory; a server that runs there is slowed down meanwhile."
        })
final class DiskCommand extends StoreCommand {
    private static final Duration LONGEST = Duration.ofMinutes(1);

    @Parameters(index = "0", paramLabel = "DIRECTORY", description = "A directory on the disk.")
    private Path directory = Path.of("");

    @Option(
            names = "--seconds",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long, at most 1m. Default: 5.")
    private Duration time = Duration.ofSeconds(5);

    @Option(
            names = "--max-p99",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "99 of 100 take no longer. Default: 10ms.")
    private Duration mostP99 = Duration.ofMillis(10);

    @Option(
            names = "--max",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "None takes longer. Default: 500ms.")
    private Duration most = Duration.ofMillis(500);

    DiskCommand(CommandContext context) {
        super(context);
    }

    @Override
    protected ExitCode run() {
        if (time.compareTo(LONGEST) > 0) {
            throw CommandFailure.usage("--seconds is " + time.toSeconds() + " s; at most 60 s are measured");
        }
        if (!Files.isDirectory(directory)) {
            throw CommandFailure.usage(directory + " is no directory");
        }
        long[] nanos = measure();
        Verdict verdict = new Verdict();
        verdict.tell("fsyncs", nanos.length);
        verdict.tell("p50_ms", at(nanos, 50));
        verdict.atMost("p99_ms", at(nanos, 99), millis(mostP99.toNanos()));
        verdict.atMost("max_ms", millis(nanos[nanos.length - 1]), millis(most.toNanos()));
        if (json()) {
            printJson(verdict.document());
        } else {
            verdict.print(out());
        }
        return verdict.exitCode();
    }

    private long[] measure() {
        try {
            long free = Files.getFileStore(directory).getUsableSpace();
            if (free < 2L * SyncProbe.FILE_BYTES) {
                throw new CommandFailure(
                        ExitCode.UNAVAILABLE,
                        directory + " has " + free + " bytes left, and " + 2L * SyncProbe.FILE_BYTES
                                + " are wanted: make space first");
            }
            return SyncProbe.run(directory, time.toNanos());
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.UNAVAILABLE, "cannot measure in " + directory + ": " + e);
        }
    }

    private static double at(long[] sorted, int percent) {
        int index = (int) Math.ceil(sorted.length * percent / 100.0) - 1;
        return millis(sorted[Math.max(0, index)]);
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }
}
