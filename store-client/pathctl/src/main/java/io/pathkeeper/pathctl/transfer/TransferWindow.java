package io.pathkeeper.pathctl.transfer;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Bounds the writes that are under way, by count and by bytes, so that a transfer of any size needs a fixed amount of
 * memory. One thread opens places, any thread closes them.
 */
final class TransferWindow {
    private static final long TICK_MILLIS = 100;

    private final Semaphore places;
    private final Semaphore kibibytes;
    private final int maxPlaces;
    private final int maxKibibytes;
    private final Runnable tick;

    /**
     * Makes a window.
     *
     * @param maxOperations how many writes may be under way
     * @param maxBytes how many bytes they may carry together; one larger write goes alone
     * @param tick called about ten times a second while the window is full
     */
    TransferWindow(int maxOperations, long maxBytes, Runnable tick) {
        this.maxPlaces = maxOperations;
        this.maxKibibytes = (int) Math.max(1, maxBytes / 1024);
        this.places = new Semaphore(maxPlaces);
        this.kibibytes = new Semaphore(maxKibibytes);
        this.tick = tick;
    }

    /** Waits for a place for a write of so many bytes. */
    void open(long bytes) throws InterruptedException {
        await(places, 1);
        await(kibibytes, weight(bytes));
    }

    /** Gives the place of a write of so many bytes back. */
    void close(long bytes) {
        kibibytes.release(weight(bytes));
        places.release();
    }

    /** Waits until nothing is under way. */
    void drain() throws InterruptedException {
        await(places, maxPlaces);
        places.release(maxPlaces);
    }

    private int weight(long bytes) {
        return (int) Math.min(maxKibibytes, bytes / 1024 + 1);
    }

    private void await(Semaphore semaphore, int permits) throws InterruptedException {
        while (!semaphore.tryAcquire(permits, TICK_MILLIS, TimeUnit.MILLISECONDS)) {
            tick.run();
        }
    }
}
