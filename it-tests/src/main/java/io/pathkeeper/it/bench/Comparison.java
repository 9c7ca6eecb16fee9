package io.pathkeeper.it.bench;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs the same loads on all stores in turn, in alternating order, and keeps the samples. */
final class Comparison {
    /** A kind of measurement. */
    record Key(Workload workload, int outstanding) {}

    private static final Duration SETTLE = Duration.ofSeconds(1);

    private final List<Store> stores;
    private final BenchOptions options;
    private final PrintStream progress;
    private final Map<Key, Map<String, Cell>> cells = new LinkedHashMap<>();

    Comparison(List<Store> stores, BenchOptions options, PrintStream progress) {
        this.stores = stores;
        this.options = options;
        this.progress = progress;
    }

    Map<Key, Map<String, Cell>> run() throws Exception {
        Znodes znodes = new Znodes(options.znodes(), options.valueBytes());
        for (Store store : stores) {
            store.start();
            long started = System.nanoTime();
            store.load(znodes);
            progress.printf(
                    "%s: %,d znodes loaded in %.1f s%n",
                    store.name(), options.znodes(), (System.nanoTime() - started) / 1e9);
        }
        warmUp(znodes);
        for (int repeat = 0; repeat < options.repeats(); repeat++) {
            List<Store> order = new ArrayList<>(stores);
            if (repeat % 2 == 1) {
                Collections.reverse(order);
            }
            for (Workload workload : options.workloads()) {
                for (int outstanding : options.outstanding()) {
                    for (Store store : order) {
                        measure(store, new Key(workload, outstanding), znodes);
                    }
                }
            }
        }
        return cells;
    }

    private void warmUp(Znodes znodes) throws Exception {
        List<Workload> workloads = options.workloads();
        Duration share = options.warmup().dividedBy(workloads.size());
        // with the most that is measured: the compiler then sees what it will have to be fast at
        int outstanding =
                options.outstanding().stream().mapToInt(Integer::intValue).max().orElse(1);
        for (Store store : stores) {
            for (Workload workload : workloads) {
                new Load(store.operations(workload, znodes, outstanding), outstanding)
                        .run(Duration.ZERO, share, store.serverPids());
            }
            progress.printf(
                    "%s: warmed up for %d s%n", store.name(), options.warmup().toSeconds());
        }
    }

    private void measure(Store store, Key key, Znodes znodes) throws Exception {
        Sample sample = new Load(store.operations(key.workload(), znodes, key.outstanding()), key.outstanding())
                .run(SETTLE, options.measured(), store.serverPids());
        cells.computeIfAbsent(key, k -> new LinkedHashMap<>())
                .computeIfAbsent(store.name(), n -> new Cell())
                .add(sample);
        progress.printf(
                "%-10s %-9s %5d outstanding: %,9.0f/s  p50 %.2f ms  p99 %.2f ms  server %.4f client %.4f CPU s per 1,000%s%n",
                store.name(),
                key.workload().label(),
                key.outstanding(),
                sample.perSecond(),
                sample.millisAt(50),
                sample.millisAt(99),
                sample.serverSecondsPerThousand(),
                sample.clientSecondsPerThousand(),
                sample.failedCount() == 0
                        ? ""
                        : "  FAILED " + sample.failedCount() + ", first: " + sample.firstError());
    }
}
