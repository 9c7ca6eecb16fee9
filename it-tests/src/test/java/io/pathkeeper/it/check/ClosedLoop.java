package io.pathkeeper.it.check;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * Keeps calls going in the background until it is closed: each of a number of places starts its next call a moment after the one before
 * has ended, well or not. The moment leaves processor time for servers that are starting.
 *
 * <p>Life: runs from {@link #start} on; {@link #close} lets the last calls end and waits for them.
 */
public final class ClosedLoop implements AutoCloseable {
    private static final long PAUSE_MILLIS = 30;
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(60);

    private final LongFunction<CompletableFuture<?>> call;
    private final CallTally tally = new CallTally();
    private final AtomicLong numbers = new AtomicLong();
    private final CountDownLatch places;
    private final Executor afterPause = CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    private volatile boolean stopping;

    private ClosedLoop(int outstandingCount, LongFunction<CompletableFuture<?>> call) {
        this.call = call;
        this.places = new CountDownLatch(outstandingCount);
    }

    /**
     * Starts.
     *
     * @param outstandingCount places
     * @param call starts a call; gets its number, counted from 0 over all places
     */
    public static ClosedLoop start(int outstandingCount, LongFunction<CompletableFuture<?>> call) {
        ClosedLoop loop = new ClosedLoop(outstandingCount, call);
        for (int i = 0; i < outstandingCount; i++) {
            loop.next();
        }
        return loop;
    }

    /** How the calls ended so far. */
    public CallTally tally() {
        return tally;
    }

    /** Stops starting calls and waits until all have ended. */
    @Override
    public void close() {
        stopping = true;
        try {
            if (!places.await(DRAIN_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(places.getCount() + " calls did not end within " + DRAIN_LIMIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while calls were ending", e);
        }
    }

    private void next() {
        if (stopping) {
            places.countDown();
            return;
        }
        CompletableFuture<?> started;
        try {
            started = call.apply(numbers.getAndIncrement());
        } catch (RuntimeException e) {
            started = CompletableFuture.failedFuture(e);
        }
        started.whenComplete((answer, error) -> {
            tally.count(error);
            afterPause.execute(this::next);
        });
    }
}
