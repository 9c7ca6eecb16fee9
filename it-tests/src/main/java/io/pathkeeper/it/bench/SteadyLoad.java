package io.pathkeeper.it.bench;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * An open load in a thread of its own, until it is closed: calls are due at a fixed rate, dealt out to the operations in turn, whether those before were answered, failed or are
 * under way.
 *
 * <p>Life: made running, closed once.
 */
final class SteadyLoad implements AutoCloseable {
    private static final int UNDER_WAY = 16_384;
    private static final long DRAIN_SECONDS = 60;

    private final List<Operation> operations;
    private final int perSecond;
    private final Acknowledgements acknowledgements;
    private final Semaphore room = new Semaphore(UNDER_WAY);
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicReference<@Nullable String> firstError = new AtomicReference<>();
    private final Thread thread = new Thread(this::run, "steady-load");
    private volatile boolean stopping;

    /**
     * Starts.
     *
     * @param acknowledgements told of every call that was answered well
     */
    SteadyLoad(List<Operation> operations, int perSecond, Acknowledgements acknowledgements) {
        this.operations = List.copyOf(operations);
        this.perSecond = perSecond;
        this.acknowledgements = acknowledgements;
        thread.setDaemon(true);
        thread.start();
    }

    long answeredCount() {
        return answered.get();
    }

    long failedCount() {
        return failed.get();
    }

    /** Text of the first failure; null when there was none. */
    @Nullable
    String firstError() {
        return firstError.get();
    }

    private void run() {
        SplittableRandom random = new SplittableRandom(7);
        Pace pace = new Pace(System.nanoTime(), perSecond);
        try {
            for (long i = 0; !stopping; i++) {
                pace.await(i);
                room.acquire();
                operations.get((int) (i % operations.size())).start(random.split(), this::ended);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private void ended(@Nullable String error) {
        room.release();
        if (error == null) {
            acknowledgements.acknowledged(System.nanoTime());
            answered.incrementAndGet();
        } else {
            failed.incrementAndGet();
            firstError.compareAndSet(null, error);
        }
    }

    /**
     * Makes no more calls and waits for the answers of those under way.
     *
     * @throws IllegalStateException when some have none after a minute
     */
    @Override
    public void close() throws InterruptedException {
        stopping = true;
        thread.interrupt();
        thread.join();
        if (!room.tryAcquire(UNDER_WAY, DRAIN_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("calls were not answered within " + DRAIN_SECONDS + " s");
        }
    }
}
