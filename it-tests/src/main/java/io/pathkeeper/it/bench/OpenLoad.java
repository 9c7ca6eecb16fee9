package io.pathkeeper.it.bench;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * An open load: calls are due at a fixed rate, whatever became of those before. The latency of a call counts from when it was due, so time that it waited for its turn
 * is part of it: nothing is left out because the store was slow (coordinated omission). Calls that are due in the measured phase count; all are waited for.
 *
 * <p>Life: made for one run, {@link #run} once.
 */
final class OpenLoad {
    private static final long DRAIN_SECONDS = 60;
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final List<Operation> operations;
    private final int most;
    private final int perSecond;

    /**
     * Describes it.
     *
     * @param most calls that may be under way; what is due meanwhile waits, and its latency grows
     * @param perSecond calls that are due in a second
     */
    OpenLoad(List<Operation> operations, int most, int perSecond) {
        this.operations = operations;
        this.most = most;
        this.perSecond = perSecond;
    }

    /**
     * Runs the warm-up and the measurement in the calling thread and waits for the last answers.
     *
     * @throws IllegalStateException when a call was never answered
     */
    Sample run(Duration warmup, Duration measured, List<Long> serverPids) throws InterruptedException {
        Meter meter = new Meter(serverPids);
        Semaphore room = new Semaphore(most);
        SplittableRandom random = new SplittableRandom(7);
        Pace pace = new Pace(System.nanoTime(), perSecond);
        long warmCalls = warmup.toNanos() * perSecond / NANOS_PER_SECOND;
        long calls = warmCalls + measured.toNanos() * perSecond / NANOS_PER_SECOND;
        for (long i = 0; i < calls; i++) {
            long due = pace.await(i);
            boolean counts = i >= warmCalls;
            if (i == warmCalls) {
                meter.begin();
            }
            acquire(room, 1);
            operations.get((int) (i % operations.size())).start(random.split(), error -> {
                if (counts) {
                    meter.ended(due, error);
                }
                room.release();
            });
        }
        pace.await(calls);
        acquire(room, most);
        return meter.end();
    }

    private static void acquire(Semaphore room, int permits) throws InterruptedException {
        if (!room.tryAcquire(permits, DRAIN_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("calls were not answered within " + DRAIN_SECONDS + " s");
        }
    }
}
