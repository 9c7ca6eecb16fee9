package io.pathkeeper.pathctl.perf;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * A closed loop: a fixed number of places, each of which starts its next call when the one before was answered. Calls of the
 * warm-up are made but not counted; a call counts in the phase in which it was answered.
 *
 * <p>Life: made for one run, {@link #run} once.
 */
public final class LoadGenerator {
    private static final long MAX_LATENCY_MICROS = TimeUnit.MINUTES.toMicros(10);
    private static final int DIGITS = 3;
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(60);
    private static final long ERROR_PAUSE_MILLIS = 10;

    private final List<LoadOperation> operations;
    private final int outstandingCount;
    private final long seed;
    private final Executor afterError = CompletableFuture.delayedExecutor(ERROR_PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    private final Tally warmup = new Tally();
    private final Tally measured = new Tally();
    private final CountDownLatch stoppedPlaces;
    private volatile Tally current = warmup;
    private volatile boolean stopping;

    /**
     * Makes a generator.
     *
     * @param operations one for each client; the places are dealt out to them in turn
     * @param outstandingCount places in all
     * @param seed start of the random numbers
     */
    public LoadGenerator(List<LoadOperation> operations, int outstandingCount, long seed) {
        this.operations = List.copyOf(operations);
        this.outstandingCount = outstandingCount;
        this.seed = seed;
        this.stoppedPlaces = new CountDownLatch(outstandingCount);
    }

    /**
     * Runs warm-up and measurement, then waits until the last call was answered.
     *
     * @throws InterruptedException when the calling thread was interrupted; the places stop by themselves then
     */
    public LoadResult run(Duration warmupTime, Duration measuredTime) throws InterruptedException {
        SplittableRandom random = new SplittableRandom(seed);
        try {
            for (int i = 0; i < outstandingCount; i++) {
                new Place(operations.get(i % operations.size()), random.split()).loop();
            }
            TimeUnit.NANOSECONDS.sleep(warmupTime.toNanos());
            long startNanos = System.nanoTime();
            long startCpuNanos = processCpuNanos();
            current = measured;
            TimeUnit.NANOSECONDS.sleep(measuredTime.toNanos());
            current = warmup;
            long elapsedNanos = System.nanoTime() - startNanos;
            long cpuNanos = processCpuNanos() - startCpuNanos;
            return measured.result(elapsedNanos, cpuNanos);
        } finally {
            stopping = true;
            stoppedPlaces.await(DRAIN_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static long processCpuNanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : 0;
    }

    /** Counts of a phase. */
    private static final class Tally {
        final LongAdder errors = new LongAdder();
        final AtomicReference<@Nullable String> firstError = new AtomicReference<>();
        final Histogram latencyMicros = new ConcurrentHistogram(MAX_LATENCY_MICROS, DIGITS);

        LoadResult result(long elapsedNanos, long cpuNanos) {
            Histogram latency = latencyMicros.copy();
            String error = firstError.get();
            return new LoadResult(
                    latency.getTotalCount(), errors.sum(), error == null ? "" : error, elapsedNanos, cpuNanos, latency);
        }
    }

    /** One place of the loop. Its fields belong to whichever thread has its answer: there is one at a time. */
    private final class Place implements BiConsumer<@Nullable Object, @Nullable Throwable> {
        private final LoadOperation operation;
        private final SplittableRandom random;
        private long startedNanos;

        Place(LoadOperation operation, SplittableRandom random) {
            this.operation = operation;
            this.random = random;
        }

        void loop() {
            while (!stopping) {
                startedNanos = System.nanoTime();
                CompletableFuture<?> call;
                try {
                    call = operation.start(random);
                } catch (RuntimeException e) {
                    failed(e);
                    return;
                }
                if (!call.isDone() || call.isCompletedExceptionally()) {
                    call.whenComplete(this);
                    return;
                }
                succeeded();
            }
            stoppedPlaces.countDown();
        }

        @Override
        public void accept(@Nullable Object answer, @Nullable Throwable error) {
            if (error != null) {
                failed(error);
            } else {
                succeeded();
                loop();
            }
        }

        private void succeeded() {
            long micros = (System.nanoTime() - startedNanos) / 1000;
            current.latencyMicros.recordValue(Math.min(micros, MAX_LATENCY_MICROS));
        }

        /** A call that fails at once must not spin: the place rests before its next one. */
        private void failed(Throwable error) {
            Tally tally = current;
            tally.errors.increment();
            if (tally.firstError.get() == null) {
                tally.firstError.compareAndSet(null, String.valueOf(error.getMessage()));
            }
            afterError.execute(this::loop);
        }
    }
}
