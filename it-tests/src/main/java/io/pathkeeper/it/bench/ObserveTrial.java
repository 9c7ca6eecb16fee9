package io.pathkeeper.it.bench;

import io.pathkeeper.it.process.ProcessorTime;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;

/**
 * Some observers of one subtree while its znodes are written at a rate, each in its turn, with the time at which the write was due as its value. Every observer must learn of
 * every write. A delay counts from when the write was due until an observer has the value: the write is part of it, and so is whatever was late.
 */
final class ObserveTrial implements Trial {
    /** Znodes that are written, at most: so many that none is written again before all have seen its value. */
    static final int WRITTEN = 1_000;

    static final Figure EVENTS = Figure.more("events/s", 0);
    static final Figure DELAY_P50 = Figure.less("delay p50, ms", 2);
    static final Figure DELAY_P99 = Figure.less("delay p99, ms", 2).withChart();
    static final Figure DELAY_P999 = Figure.less("delay p99.9, ms", 2);
    static final Figure PROCESSOR = Figure.less("server CPU an event, µs", 1).withChart();
    static final Figure CLIENT = Figure.plain("client CPU an event, µs", 1);
    static final Figure MISSING = Figure.plain("events that did not come", 0);
    static final Figure OVER = Figure.plain("observers that were over", 0);
    static final Figure FAILED = Figure.plain("writes that failed", 0);

    private static final Duration SETTLE = Duration.ofSeconds(2);
    private static final int UNDER_WAY = 4_096;

    private record Outcome(EventMeter meter, Map<Figure, Double> figures) {}

    private final int observers;
    private final int connections;
    private final int perSecond;
    private final Duration measured;
    private final int valueBytes;
    private final int znodes;
    private final Duration patience;

    /**
     * Describes it.
     *
     * @param observers how many
     * @param connections that they share, where a store lets them; 0: each has one of its own
     * @param perSecond writes that are due in a second
     * @param measured length of the measurement
     * @param znodes the store is loaded with
     * @param patience for the last events behind the last write
     */
    ObserveTrial(int observers, int connections, int perSecond, Duration measured, Znodes znodes, Duration patience) {
        this.observers = observers;
        this.connections = connections == 0 ? observers : Math.min(observers, connections);
        this.perSecond = perSecond;
        this.measured = measured;
        this.valueBytes = znodes.value().length;
        this.znodes = Math.min(WRITTEN, znodes.count());
        this.patience = patience;
    }

    @Override
    public String workload() {
        return "observe at " + perSecond + "/s";
    }

    @Override
    public String variant() {
        return String.format(Locale.ROOT, observers == 1 ? "%d observer" : "%,d observers", observers);
    }

    @Override
    public void warmUp(Store store, Duration length) throws Exception {
        run(store, length);
    }

    @Override
    public Map<Figure, Double> run(Store store, PrintStream progress) throws Exception {
        Outcome outcome = run(store, measured);
        String error = outcome.meter().firstError();
        if (error != null) {
            progress.println("an observer of " + store.name() + " was over: " + error);
        }
        return outcome.figures();
    }

    private Outcome run(Store store, Duration length) throws Exception {
        long warmWrites = SETTLE.toSeconds() * perSecond;
        long writes = Math.max(1, length.toSeconds()) * perSecond;
        EventMeter meter = new EventMeter();
        Writer writer = store.writer();
        AtomicInteger failed = new AtomicInteger();
        try (Observers standing = store.observe(Znodes.parent(0), observers, connections, meter)) {
            Pace pace = new Pace(System.nanoTime(), perSecond);
            meter.begin(pace.dueNanos(warmWrites));
            write(writer, pace, 0, warmWrites, new AtomicInteger());
            double servers = seconds(store.serverPids());
            double client = seconds(List.of(ProcessHandle.current().pid()));
            write(writer, pace, warmWrites, warmWrites + writes, failed);
            long expected = (writes - failed.get()) * observers;
            meter.await(expected, patience); // what is missing then is told
            servers = seconds(store.serverPids()) - servers;
            client = seconds(List.of(ProcessHandle.current().pid())) - client;
            if (meter.count() == 0) {
                throw new IllegalStateException("no observer of " + store.name() + " was told of any write; "
                        + failed.get() + " of " + writes + " writes failed: " + meter.firstError());
            }
            return new Outcome(meter, figures(meter, expected, failed.get(), servers, client));
        }
    }

    private void write(Writer writer, Pace pace, long from, long to, AtomicInteger failed) throws InterruptedException {
        Semaphore room = new Semaphore(UNDER_WAY);
        for (long i = from; i < to; i++) {
            long due = pace.await(i);
            acquire(room, 1);
            writer.set(Znodes.path((int) (i % znodes)), Stamp.value(due, valueBytes), error -> {
                if (error != null) {
                    failed.incrementAndGet();
                }
                room.release();
            });
        }
        if (to > from) {
            pace.await(to);
        }
        acquire(room, UNDER_WAY);
    }

    private static void acquire(Semaphore room, int permits) throws InterruptedException {
        if (!room.tryAcquire(permits, 60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("writes were not answered within 60 s");
        }
    }

    static Map<Figure, Double> figures(
            EventMeter meter, long expected, int failed, double serverSeconds, double clientSeconds) {
        long events = meter.count();
        Histogram delays = meter.delays();
        Map<Figure, Double> figures = new LinkedHashMap<>();
        figures.put(EVENTS, events / Math.max(1e-9, meter.seconds()));
        figures.put(DELAY_P50, delays.getValueAtPercentile(50) / 1e3);
        figures.put(DELAY_P99, delays.getValueAtPercentile(99) / 1e3);
        figures.put(DELAY_P999, delays.getValueAtPercentile(99.9) / 1e3);
        figures.put(PROCESSOR, 1e6 * serverSeconds / Math.max(1, events));
        figures.put(CLIENT, 1e6 * clientSeconds / Math.max(1, events));
        figures.put(MISSING, (double) (expected - events));
        figures.put(OVER, (double) meter.brokenCount());
        figures.put(FAILED, (double) failed);
        return figures;
    }

    private static double seconds(List<Long> pids) {
        return pids.stream().mapToDouble(ProcessorTime::secondsOf).sum();
    }
}
