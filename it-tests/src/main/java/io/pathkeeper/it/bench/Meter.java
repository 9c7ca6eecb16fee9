package io.pathkeeper.it.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * Counts answers and failures of a load from {@link #begin} to {@link #end}, with the processor time of servers and of this process in between. Calls may end in
 * any thread; begin and end are called by one.
 */
final class Meter {
    /** A longer latency counts as this. */
    static final long MAX_MICROS = TimeUnit.MINUTES.toMicros(5);

    private final List<Long> serverPids;
    private final Recorder latencies = new Recorder(MAX_MICROS, 3);
    private final LongAdder errors = new LongAdder();
    private final AtomicReference<@Nullable String> firstError = new AtomicReference<>();
    private long startNanos;
    private ProcessorSeconds processors;

    Meter(List<Long> serverPids) {
        this.serverPids = serverPids;
        this.processors = processors();
    }

    /** Forgets what was counted before. */
    void begin() {
        latencies.reset();
        errors.reset();
        startNanos = System.nanoTime();
        processors = processors();
    }

    /** A call ended that began at a time of {@link System#nanoTime()}; the error is null when it was answered. */
    void ended(long startedNanos, @Nullable String error) {
        if (error == null) {
            long micros = (System.nanoTime() - startedNanos) / 1_000;
            latencies.recordValue(Math.max(0, Math.min(micros, MAX_MICROS)));
        } else {
            errors.increment();
            firstError.compareAndSet(null, error);
        }
    }

    /** Returns what was counted. */
    Sample end() {
        var histogram = latencies.getIntervalHistogram();
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        return new Sample(
                histogram, seconds, processors.servers(), processors.client(), errors.sum(), firstError.get());
    }

    private ProcessorSeconds processors() {
        return new ProcessorSeconds(serverPids, ProcessHandle.current().pid());
    }
}
