package io.pathkeeper.it.bench;

import io.pathkeeper.it.process.ProcessorTime;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * A closed loop: a fixed number of places, each of which starts its next call when the one before was answered. A call counts in the
 * phase in which it was answered. Processor time of servers and client is taken at the ends of the measured phase.
 *
 * <p>Life: made for one run, {@link #run} once.
 */
final class Load {
    private static final long MAX_MICROS = TimeUnit.MINUTES.toMicros(5);
    private static final long DRAIN_SECONDS = 60;

    private final List<Operation> operations;
    private final int outstanding;
    private final Recorder latencies = new Recorder(MAX_MICROS, 3);
    private final LongAdder errors = new LongAdder();
    private final AtomicReference<@Nullable String> firstError = new AtomicReference<>();
    private final CountDownLatch ended;
    private volatile boolean stopping;

    Load(List<Operation> operations, int outstanding) {
        this.operations = operations;
        this.outstanding = outstanding;
        this.ended = new CountDownLatch(outstanding);
    }

    /**
     * Runs the warm-up, then the measurement, then waits for the last answers.
     *
     * @throws IllegalStateException when a call was never answered
     */
    Sample run(Duration warmup, Duration measured, List<Long> serverPids) throws InterruptedException {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < outstanding; i++) {
            new Place(operations.get(i % operations.size()), random.split()).next();
        }
        TimeUnit.NANOSECONDS.sleep(warmup.toNanos());
        latencies.reset();
        errors.reset();
        long startNanos = System.nanoTime();
        double serverSeconds = servers(serverPids);
        double clientSeconds = ProcessorTime.secondsOf(ProcessHandle.current().pid());
        TimeUnit.NANOSECONDS.sleep(measured.toNanos());
        Histogram histogram = latencies.getIntervalHistogram();
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        serverSeconds = servers(serverPids) - serverSeconds;
        clientSeconds = ProcessorTime.secondsOf(ProcessHandle.current().pid()) - clientSeconds;
        long failed = errors.sum();
        stopping = true;
        if (!ended.await(DRAIN_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(
                    ended.getCount() + " calls were not answered within " + DRAIN_SECONDS + " s");
        }
        return new Sample(histogram, seconds, serverSeconds, clientSeconds, failed, firstError.get());
    }

    private static double servers(List<Long> pids) {
        return pids.stream().mapToDouble(ProcessorTime::secondsOf).sum();
    }

    /** One place of the loop. Its fields belong to whichever thread has its answer: there is one at a time. */
    private final class Place implements Operation.Completion {
        private final Operation operation;
        private final SplittableRandom random;
        private long startedNanos;

        Place(Operation operation, SplittableRandom random) {
            this.operation = operation;
            this.random = random;
        }

        void next() {
            if (stopping) {
                ended.countDown();
                return;
            }
            startedNanos = System.nanoTime();
            operation.start(random, this);
        }

        @Override
        public void ended(@Nullable String error) {
            if (error == null) {
                long micros = (System.nanoTime() - startedNanos) / 1_000;
                latencies.recordValue(Math.min(micros, MAX_MICROS));
            } else {
                errors.increment();
                firstError.compareAndSet(null, error);
            }
            next();
        }
    }
}
