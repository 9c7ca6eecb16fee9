package io.pathkeeper.it.bench;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs the same loads on all stores in turn, in alternating order, and keeps the samples. */
final class Comparison {
    /**
     * A kind of measurement.
     *
     * @param rate calls due in a second; 0 in a closed loop
     */
    record Key(Workload workload, int outstanding, int rate) {
        String label() {
            return rate == 0 ? workload.label() : workload.label() + " at " + rate + "/s";
        }
    }

    private static final Duration SETTLE = Duration.ofSeconds(1);

    /** Calls under way and time limit while znodes are made that will be deleted. */
    private static final int PREPARING = 256;

    /** Threads that wait more seldom in an operation are told together. */
    private static final double LEAST_WAITS = 0.05;

    private static final Duration PREPARE_LIMIT = Duration.ofMinutes(10);

    private final List<Store> stores;
    private final BenchOptions options;
    private final PrintStream progress;
    private final Map<Key, Map<String, Cell>> cells = new LinkedHashMap<>();
    private final TrialResults trials;
    private Optional<Path> threads = Optional.empty();

    /** Prepares; what trials tell goes to the results. */
    Comparison(List<Store> stores, BenchOptions options, TrialResults trials, PrintStream progress) {
        this.trials = trials;
        this.stores = stores;
        this.options = options;
        this.progress = progress;
    }

    /** Has what the threads do in each measurement of a load written behind what this file has. */
    Comparison withThreads(Path file) {
        threads = Optional.of(file);
        return this;
    }

    /** Runs everything. */
    void run() throws Exception {
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
            List<Store> order = order(stores, repeat);
            for (Workload workload : options.workloads()) {
                for (int outstanding : options.outstanding()) {
                    for (Store store : order) {
                        measure(store, new Key(workload, outstanding, options.rate()), znodes);
                    }
                }
            }
            for (Trial trial : options.trials()) {
                for (Store store : order) {
                    Map<Figure, Double> figures = trial.run(store, progress);
                    store.tidy();
                    trials.add(trial, store.name(), figures);
                    progress.println(TrialResults.line(trial, store.name(), figures));
                }
            }
        }
    }

    /** The samples of the workloads. */
    Map<Key, Map<String, Cell>> cells() {
        return cells;
    }

    /** Every store comes first once, second once and so on, in as many repeats as there are stores. */
    static <T> List<T> order(List<T> stores, int repeat) {
        List<T> order = new ArrayList<>(stores);
        Collections.rotate(order, -repeat);
        return order;
    }

    private void warmUp(Znodes znodes) throws Exception {
        List<Workload> workloads = options.workloads();
        Duration share =
                options.warmup().dividedBy(workloads.size() + options.trials().size());
        // with the most that is measured: the compiler then sees what it will have to be fast at
        int outstanding =
                options.outstanding().stream().mapToInt(Integer::intValue).max().orElse(1);
        for (Store store : stores) {
            for (Workload workload : workloads) {
                // deletes run out: what creates them is warmed up, too
                run(store, new Key(workload, outstanding, 0), znodes, share, Duration.ZERO);
            }
            for (Trial trial : options.trials()) {
                trial.warmUp(store, share);
            }
            store.tidy();
            progress.printf(
                    "%s: warmed up for %d s%n", store.name(), options.warmup().toSeconds());
        }
    }

    private Sample run(Store store, Key key, Znodes znodes, Duration measured, Duration settle) throws Exception {
        int outstanding = key.outstanding();
        List<Long> pids = store.serverPids();
        if (options.python().isPresent()) {
            int server = outstanding == 1 ? store.leader() : 0;
            return store.python(znodes).run(key.workload(), outstanding, server, settle, measured, pids);
        }
        if (key.workload() == Workload.DELETE) {
            long missing = options.deletes() - store.fresh().left();
            if (missing > 0) {
                new Load(store.operations(Workload.CREATE, znodes, PREPARING), PREPARING, missing)
                        .run(Duration.ZERO, PREPARE_LIMIT, pids);
            }
            List<Operation> deletes = store.operations(Workload.DELETE, znodes, outstanding);
            return key.rate() > 0
                    ? new OpenLoad(deletes, outstanding, key.rate()).run(Duration.ZERO, measured, pids)
                    : new Load(deletes, outstanding, store.fresh().left()).run(Duration.ZERO, measured, pids);
        }
        List<Operation> operations = store.operations(key.workload(), znodes, outstanding);
        return key.rate() > 0
                ? new OpenLoad(operations, outstanding, key.rate()).run(settle, measured, pids)
                : new Load(operations, outstanding).run(settle, measured, pids);
    }

    /** The servers by what they are now, and this process. */
    private static Map<String, Long> processes(Store store) throws Exception {
        List<Long> pids = store.serverPids();
        int leader = store.leader();
        Map<String, Long> processes = new LinkedHashMap<>();
        processes.put("leader", pids.get(leader));
        for (int i = 0; i < pids.size(); i++) {
            if (i != leader) {
                processes.put("follower " + processes.size(), pids.get(i));
            }
        }
        processes.put("client", ProcessHandle.current().pid());
        return processes;
    }

    private void measure(Store store, Key key, Znodes znodes) throws Exception {
        ThreadUse use = threads.isEmpty() ? null : new ThreadUse(processes(store));
        Sample sample = run(store, key, znodes, options.measured(), SETTLE);
        if (use != null) {
            String title = String.format(
                    "%s, %s, %,d outstanding: %,.0f/s, p50 %.2f ms",
                    store.name(), key.label(), key.outstanding(), sample.perSecond(), sample.millisAt(50));
            String table = ThreadUse.markdown(title, use.lines(sample.perSecond() * use.seconds()), LEAST_WAITS);
            Files.writeString(threads.orElseThrow(), table, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
        if (sample.latencies().getTotalCount() == 0) {
            throw new IllegalStateException(store.name() + " answered no call of " + key.label() + ": "
                    + (sample.firstError() == null ? "none was made" : sample.firstError()));
        }
        store.tidy();
        cells.computeIfAbsent(key, k -> new LinkedHashMap<>())
                .computeIfAbsent(store.name(), n -> new Cell())
                .add(sample);
        progress.printf(
                "%-10s %-9s %5d outstanding: %,9.0f/s  p50 %.2f ms  p99 %.2f ms  server %.4f client %.4f CPU s per 1,000%s%n",
                store.name(),
                key.label(),
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
