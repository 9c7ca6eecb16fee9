package io.pathkeeper.it.fault.workload;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** How long behind the sending of a change observers that follow are told of it; every change has a value of its own. Safe to use from any thread. */
final class EventDelays {
    private final Map<Long, Long> sentNanos = new ConcurrentHashMap<>();
    private final Histogram micros = new Histogram(TimeUnit.HOURS.toMicros(1), 3);

    void sending(long value) {
        sentNanos.put(value, System.nanoTime());
    }

    void told(long value) {
        Long sent = sentNanos.get(value);
        if (sent != null) {
            record(System.nanoTime() - sent);
        }
    }

    synchronized void record(long nanos) {
        micros.recordValue(Math.min(TimeUnit.NANOSECONDS.toMicros(nanos), micros.getHighestTrackableValue()));
    }

    /** For reports. */
    @Override
    public synchronized String toString() {
        return String.format(
                Locale.ROOT,
                "write to event, faults included: p50 %.1f ms, p99 %.1f ms, most %.1f ms, of %,d",
                micros.getValueAtPercentile(50) / 1e3,
                micros.getValueAtPercentile(99) / 1e3,
                micros.getMaxValue() / 1e3,
                micros.getTotalCount());
    }
}
