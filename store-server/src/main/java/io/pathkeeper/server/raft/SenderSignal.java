package io.pathkeeper.server.raft;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.ratis.util.AwaitForSignal;
import org.jspecify.annotations.Nullable;

/**
 * Wakes the thread of one sender. Ratis's own loses a signal that comes while the thread does not wait yet, and has the thread that was woken wait
 * again for the lock of the one that woke it. Here a signal lasts until somebody has waited for it.
 *
 * <p>Any thread signals; one at a time waits.
 */
final class SenderSignal extends AwaitForSignal {
    private final AtomicBoolean signalled = new AtomicBoolean();
    private volatile @Nullable Thread waiting;

    SenderSignal(String name) {
        super(name);
    }

    @Override
    public void await() throws InterruptedException {
        while (!await(1, TimeUnit.HOURS)) {
            // only a signal ends it
        }
    }

    /** Waits so long at most; returns whether there was a signal. */
    @Override
    public boolean await(long time, TimeUnit unit) throws InterruptedException {
        long end = System.nanoTime() + unit.toNanos(time);
        waiting = Thread.currentThread();
        while (!signalled.getAndSet(false)) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            LockSupport.parkNanos(this, left);
        }
        return true;
    }

    @Override
    public void signal() {
        if (!signalled.getAndSet(true)) {
            LockSupport.unpark(waiting);
        }
    }
}
