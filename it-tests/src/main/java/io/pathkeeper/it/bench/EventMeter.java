package io.pathkeeper.it.bench;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * Counts the events of writes that were due from a moment on, with the time from then until the event came. Events come in many threads; the rest is for one.
 */
final class EventMeter implements Observers.Sink {
    private static final long MAX_MICROS = TimeUnit.MINUTES.toMicros(5);

    private final Recorder delays = new Recorder(MAX_MICROS, 3);
    private final AtomicLong counted = new AtomicLong();
    private final AtomicLong broken = new AtomicLong();
    private final AtomicLong lastNanos = new AtomicLong();
    private final AtomicReference<@Nullable String> firstError = new AtomicReference<>();
    private long fromNanos;
    /** Written behind {@link #fromNanos}, read before it. */
    private volatile boolean counting;

    /** Counts from now on the events of writes that are due then or later. */
    void begin(long fromNanos) {
        this.fromNanos = fromNanos;
        lastNanos.set(fromNanos);
        counting = true;
    }

    @Override
    public void changed(byte[] value) {
        if (!counting) {
            return;
        }
        long due = Stamp.nanos(value);
        if (due - fromNanos < 0) {
            return;
        }
        long now = System.nanoTime();
        delays.recordValue(Math.max(0, Math.min((now - due) / 1_000, MAX_MICROS)));
        lastNanos.accumulateAndGet(now, (a, b) -> a - b > 0 ? a : b);
        counted.incrementAndGet();
    }

    @Override
    public void broken(String error) {
        firstError.compareAndSet(null, error);
        broken.incrementAndGet();
    }

    long count() {
        return counted.get();
    }

    /** Waits until so many events were counted, or the time is over; returns whether they were. */
    boolean await(long events, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (counted.get() < events) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return true;
    }

    /** Seconds from the beginning to the last event. */
    double seconds() {
        return (lastNanos.get() - fromNanos) / 1e9;
    }

    /** Times from when a write was due until an event of it came, in microseconds. To be asked once. */
    Histogram delays() {
        return delays.getIntervalHistogram();
    }

    /** How often it was told that an observer is over. */
    long brokenCount() {
        return broken.get();
    }

    /** Why an observer was over; null when none was. */
    @Nullable
    String firstError() {
        return firstError.get();
    }
}
