package io.pathkeeper.it.bench;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.model.BackupSummary;
import io.pathkeeper.client.model.Consistency;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Loads many znodes and tells what a backup of them costs: its time and size, and the latencies of writes while one follows the other, beside those without. */
final class BackupsBeside {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final PathkeeperStore store;
    private final Znodes znodes;
    private final BenchOptions options;
    private final PrintStream progress;
    private final List<String> lines = new ArrayList<>();

    BackupsBeside(PathkeeperStore store, Znodes znodes, BenchOptions options, PrintStream progress) {
        this.store = store;
        this.znodes = znodes;
        this.options = options;
        this.progress = progress;
    }

    /** Returns a Markdown table. */
    String run() throws Exception {
        store.start();
        store.load(znodes);
        try (PathkeeperClient client = store.client(LIMIT)) {
            long started = System.nanoTime();
            BackupSummary alone = backUp(client);
            double seconds = (System.nanoTime() - started) / 1e9;
            tell(
                    "backup of " + alone.info().znodeCount() + " znodes, nothing else going on",
                    "%.1f s, %,d bytes",
                    seconds,
                    alone.end().fileBytes());
            for (int outstanding : options.outstanding()) {
                for (int i = 0; i < options.repeats(); i++) {
                    beside(client, outstanding);
                }
            }
        }
        return "| what | figure |\n|---|---|\n" + String.join("", lines);
    }

    private static BackupSummary backUp(PathkeeperClient client) {
        try {
            return client.store().backup(Consistency.LINEARIZABLE, OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void beside(PathkeeperClient client, int outstanding) throws Exception {
        tellSample(outstanding, "without a backup", load(outstanding));
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger count = new AtomicInteger();
        CompletableFuture<Void> backups = CompletableFuture.runAsync(() -> {
            while (!stop.get()) {
                backUp(client);
                count.incrementAndGet();
            }
        });
        Sample sample = load(outstanding);
        stop.set(true);
        backups.join();
        tellSample(outstanding, "while " + count + " backups follow each other", sample);
    }

    private Sample load(int outstanding) throws Exception {
        List<Operation> operations = store.operations(Workload.SET, znodes, outstanding);
        return new Load(operations, outstanding).run(options.warmup(), options.measured(), store.serverPids());
    }

    private void tellSample(int outstanding, String when, Sample sample) {
        if (sample.failedCount() > 0) {
            throw new IllegalStateException(
                    sample.failedCount() + " writes failed, the first one with " + sample.firstError());
        }
        tell(
                "sets, " + outstanding + " outstanding, " + when,
                "%,.0f/s, p50 %.1f ms, p99 %.1f ms, p99.9 %.1f ms",
                sample.perSecond(),
                sample.millisAt(50),
                sample.millisAt(99),
                sample.millisAt(99.9));
    }

    private void tell(String what, String format, Object... figures) {
        String figure = String.format(Locale.ROOT, format, figures);
        progress.println(what + ": " + figure);
        lines.add("| " + what + " | " + figure + " |\n");
    }
}
