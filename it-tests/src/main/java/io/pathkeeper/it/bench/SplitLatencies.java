package io.pathkeeper.it.bench;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Latencies of an open load, apart for calls that met something and for the others: a call met it that began or ended while it went on. They count from when a call was due.
 *
 * <p>Life: made, {@link #measure} once or more often, then read.
 */
final class SplitLatencies {
    private static final long MAX_MICROS = TimeUnit.MINUTES.toMicros(5);
    private static final long DRAIN_SECONDS = 60;

    private final BooleanSupplier goesOn;
    private final Recorder meanwhile = new Recorder(MAX_MICROS, 3);
    private final Recorder otherwise = new Recorder(MAX_MICROS, 3);

    SplitLatencies(BooleanSupplier goesOn) {
        this.goesOn = goesOn;
    }

    /** Runs the load in the calling thread, beside what was measured before; returns how many calls failed. */
    long measure(List<Operation> operations, int most, int perSecond, Duration length) throws InterruptedException {
        Semaphore room = new Semaphore(most);
        SplittableRandom random = new SplittableRandom(7);
        AtomicLong failed = new AtomicLong();
        Pace pace = new Pace(System.nanoTime(), perSecond);
        long calls = length.toMillis() * perSecond / 1_000;
        for (long i = 0; i < calls; i++) {
            long due = pace.await(i);
            acquire(room, 1);
            boolean atFirst = goesOn.getAsBoolean();
            operations.get((int) (i % operations.size())).start(random.split(), error -> {
                if (error == null) {
                    Recorder recorder = atFirst || goesOn.getAsBoolean() ? meanwhile : otherwise;
                    long micros = (System.nanoTime() - due) / 1_000;
                    recorder.recordValue(Math.max(0, Math.min(micros, MAX_MICROS)));
                } else {
                    failed.incrementAndGet();
                }
                room.release();
            });
        }
        acquire(room, most);
        return failed.get();
    }

    private static void acquire(Semaphore room, int permits) throws InterruptedException {
        if (!room.tryAcquire(permits, DRAIN_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("calls were not answered within " + DRAIN_SECONDS + " s");
        }
    }

    /** Of the calls that met it, in microseconds; to be asked once. */
    Histogram meanwhile() {
        return meanwhile.getIntervalHistogram();
    }

    /** Of the others, in microseconds; to be asked once. */
    Histogram otherwise() {
        return otherwise.getIntervalHistogram();
    }
}
