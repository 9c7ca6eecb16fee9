package io.pathkeeper.it.bench;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A closed loop: a fixed number of places, each of which starts its next call when the one before was answered. A call counts in the
 * phase in which it was answered. Processor time of servers and client is taken at the ends of the measured phase.
 *
 * <p>Life: made for one run, {@link #run} once.
 */
final class Load {
    static final long UNLIMITED = Long.MAX_VALUE;
    private static final long DRAIN_SECONDS = 60;

    private final List<Operation> operations;
    private final int outstanding;
    private final boolean limited;
    private final AtomicLong callsLeft;
    private final CountDownLatch ended;
    private volatile boolean stopping;

    Load(List<Operation> operations, int outstanding) {
        this(operations, outstanding, UNLIMITED);
    }

    /** A load that is over when so many calls have ended, if its time is not over before. */
    Load(List<Operation> operations, int outstanding, long calls) {
        this.operations = operations;
        this.outstanding = outstanding;
        this.limited = calls != UNLIMITED;
        this.callsLeft = new AtomicLong(calls);
        this.ended = new CountDownLatch(outstanding);
    }

    /**
     * Runs the warm-up, then the measurement, then waits for the last answers.
     *
     * @throws IllegalStateException when a call was never answered
     */
    Sample run(Duration warmup, Duration measured, List<Long> serverPids) throws InterruptedException {
        Meter meter = new Meter(serverPids);
        if (warmup.isZero()) {
            meter.begin();
        }
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < outstanding; i++) {
            new Place(operations.get(i % operations.size()), random.split(), meter).next();
        }
        if (!warmup.isZero()) {
            TimeUnit.NANOSECONDS.sleep(warmup.toNanos());
            meter.begin();
        }
        boolean allCallsMade = ended.await(measured.toNanos(), TimeUnit.NANOSECONDS);
        Sample sample = meter.end();
        stopping = true;
        if (!allCallsMade && !ended.await(DRAIN_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(
                    ended.getCount() + " calls were not answered within " + DRAIN_SECONDS + " s");
        }
        return sample;
    }

    /** One place of the loop. Its fields belong to whichever thread has its answer: there is one at a time. */
    private final class Place implements Operation.Completion {
        private final Operation operation;
        private final SplittableRandom random;
        private final Meter meter;
        private long startedNanos;

        Place(Operation operation, SplittableRandom random, Meter meter) {
            this.operation = operation;
            this.random = random;
            this.meter = meter;
        }

        void next() {
            if (stopping || (limited && callsLeft.getAndDecrement() <= 0)) {
                ended.countDown();
                return;
            }
            startedNanos = System.nanoTime();
            operation.start(random, this);
        }

        @Override
        public void ended(@Nullable String error) {
            meter.ended(startedNanos, error);
            next();
        }
    }
}
