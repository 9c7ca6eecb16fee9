package io.pathkeeper.it.bench;

import io.pathkeeper.it.process.HeapSize;
import io.pathkeeper.it.process.ProcessorTime;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * Many znodes in a store of their own: they are loaded, read, written while snapshots are made; then all servers are killed and started again, and at last one loses its disk and
 * joins from nothing. A store that cannot do something has no figure for it.
 *
 * <p>Unlike other trials it starts the store, which must be new.
 */
final class ScaleTrial implements Trial {
    static final Figure LOAD = Figure.more("loaded, znodes/s", 0);
    static final Figure HEAP = Figure.less("live heap a znode, bytes", 1).withChart();
    static final Figure RESIDENT = Figure.less("resident memory of a server, MiB", 0);
    static final Figure LIST = Figure.less("list of all names, s", 2);
    static final Figure SCAN = Figure.less("scan with values, s", 2);
    static final Figure P99_WITHOUT = Figure.less("sets without a snapshot p99, ms", 2);
    static final Figure P99_WITH = Figure.less("sets during a snapshot p99, ms", 2);
    static final Figure SNAPSHOT_SETS = Figure.plain("sets during a snapshot", 0);
    static final Figure RESTART =
            Figure.less("kill -9 of all until all serve, s", 2).withChart();
    static final Figure HEAP_AFTER = Figure.less("live heap a znode behind the restart, bytes", 1);
    static final Figure JOIN = Figure.less("a follower joins from nothing, s", 2);

    private static final int OUTSTANDING = 64;

    /** Snapshots that are waited for, and measurements that are made at most until there were so many. */
    private static final int SNAPSHOTS = 3;

    private static final int MOST_ROUNDS = 12;

    private final Znodes znodes;
    private final int setsPerSecond;
    private final Duration measured;

    /**
     * Describes it.
     *
     * @param znodes to load
     * @param setsPerSecond sets that are due while snapshots are made
     * @param measured length of a measurement of them; another one follows until there were some snapshots
     */
    ScaleTrial(Znodes znodes, int setsPerSecond, Duration measured) {
        this.znodes = znodes;
        this.setsPerSecond = setsPerSecond;
        this.measured = measured;
    }

    @Override
    public String workload() {
        return "scale";
    }

    @Override
    public String variant() {
        return String.format(Locale.ROOT, "%,d znodes", znodes.count());
    }

    @Override
    public Map<Figure, Double> run(Store store, PrintStream progress) throws Exception {
        Map<Figure, Double> figures = new LinkedHashMap<>();
        store.start();
        List<HeapSize> empty = heaps(store);
        long started = System.nanoTime();
        store.load(znodes);
        figures.put(LOAD, znodes.count() / secondsSince(started));
        tellHeap(store, empty, HEAP, figures, progress);
        figures.put(RESIDENT, meanResidentMiB(store));
        figures.putAll(store.readAll(znodes));
        besideSnapshots(store, figures, progress);
        restart(store, figures);
        tellHeap(store, empty, HEAP_AFTER, figures, progress);
        join(store, figures);
        return figures;
    }

    private void besideSnapshots(Store store, Map<Figure, Double> figures, PrintStream progress) throws Exception {
        Optional<SnapshotWatch> watched = store.snapshots();
        if (watched.isEmpty()) {
            return;
        }
        try (SnapshotWatch snapshots = watched.get()) {
            List<Operation> sets = store.operations(Workload.SET, znodes, OUTSTANDING);
            SplitLatencies latencies = new SplitLatencies(snapshots::isUnderWay);
            long failed = 0;
            for (int round = 0; round < MOST_ROUNDS && snapshots.count() < SNAPSHOTS; round++) {
                failed += latencies.measure(sets, OUTSTANDING, setsPerSecond, measured);
            }
            if (failed > 0) {
                throw new IllegalStateException(failed + " sets of " + store.name() + " failed beside snapshots");
            }
            figures.putAll(figures(latencies.otherwise(), latencies.meanwhile()));
            progress.println(store.name() + ": " + snapshots.count() + " snapshots were begun");
        }
    }

    /** What sets took without and with a snapshot; a figure for which there was no set is left out. */
    static Map<Figure, Double> figures(Histogram without, Histogram with) {
        Map<Figure, Double> figures = new LinkedHashMap<>();
        if (without.getTotalCount() > 0) {
            figures.put(P99_WITHOUT, without.getValueAtPercentile(99) / 1e3);
        }
        if (with.getTotalCount() > 0) {
            figures.put(P99_WITH, with.getValueAtPercentile(99) / 1e3);
        }
        figures.put(SNAPSHOT_SETS, (double) with.getTotalCount());
        return figures;
    }

    private static void restart(Store store, Map<Figure, Double> figures) throws Exception {
        for (int i = 0; i < Store.SERVERS; i++) {
            store.kill(i);
        }
        long started = System.nanoTime();
        for (int i = 0; i < Store.SERVERS; i++) {
            store.launch(i);
        }
        for (int i = 0; i < Store.SERVERS; i++) {
            store.awaitServing(i);
        }
        figures.put(RESTART, secondsSince(started));
    }

    private static void join(Store store, Map<Figure, Double> figures) throws Exception {
        if (!store.joinsFromNothing()) {
            return;
        }
        int follower = (store.leader() + 1) % Store.SERVERS;
        store.kill(follower);
        store.wipe(follower);
        long started = System.nanoTime();
        store.launch(follower);
        store.awaitServing(follower);
        figures.put(JOIN, secondsSince(started));
    }

    private void tellHeap(
            Store store, List<HeapSize> empty, Figure figure, Map<Figure, Double> figures, PrintStream progress)
            throws IOException, InterruptedException {
        List<HeapSize> now = heaps(store);
        if (now.isEmpty()) {
            return;
        }
        double bytes = 0;
        for (int i = 0; i < now.size(); i++) {
            bytes += now.get(i).bytes() - empty.get(i).bytes();
        }
        figures.put(figure, bytes / now.size() / znodes.count());
        progress.println(store.name() + ": largest classes of the first server:");
        now.get(0).largest().forEach(line -> progress.println("    " + line));
    }

    /** Of the living objects, behind a full collection; none where the servers are no JVMs. */
    private static List<HeapSize> heaps(Store store) throws IOException, InterruptedException {
        List<HeapSize> sizes = new ArrayList<>();
        if (store.serversAreJvms()) {
            for (long pid : store.serverPids()) {
                sizes.add(HeapSize.of(pid));
            }
        }
        return sizes;
    }

    private static double meanResidentMiB(Store store) {
        return store.serverPids().stream()
                        .mapToLong(ProcessorTime::residentBytesOf)
                        .average()
                        .orElse(Double.NaN)
                / (1 << 20);
    }

    private static double secondsSince(long startedNanos) {
        return (System.nanoTime() - startedNanos) / 1e9;
    }
}
