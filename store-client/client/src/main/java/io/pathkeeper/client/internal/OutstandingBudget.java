package io.pathkeeper.client.internal;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds the operations without an answer, by count and by bytes. Any thread takes, callback threads give back.
 *
 * <p>Invariant: the state holds the count in its upper 24 bits and the bytes in its lower 40; neither goes beyond its limit.
 */
final class OutstandingBudget {
    private static final int BYTE_BITS = 40;
    private static final long BYTE_MASK = (1L << BYTE_BITS) - 1;

    private final int maxCount;
    private final long maxBytes;
    private final AtomicLong state = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();
    private volatile int waiting;

    OutstandingBudget(int maxCount, long maxBytes) {
        this.maxCount = maxCount;
        this.maxBytes = maxBytes;
    }

    /** Takes room for one operation if there is room. */
    boolean tryTake(int bytes) {
        while (true) {
            long now = state.get();
            if ((now >>> BYTE_BITS) >= maxCount || (now & BYTE_MASK) + bytes > maxBytes) {
                return false;
            }
            if (state.compareAndSet(now, now + (1L << BYTE_BITS) + bytes)) {
                return true;
            }
        }
    }

    /**
     * Takes room for one operation, and waits for it until the deadline.
     *
     * @return false when the time is over
     * @throws InterruptedException when the thread is interrupted while it waits
     */
    boolean take(int bytes, long deadlineNanos) throws InterruptedException {
        if (tryTake(bytes)) {
            return true;
        }
        lock.lockInterruptibly();
        try {
            waiting++;
            long left = deadlineNanos - System.nanoTime();
            while (!tryTake(bytes)) {
                if (left <= 0) {
                    return false;
                }
                left = released.awaitNanos(left);
            }
            return true;
        } finally {
            waiting--;
            lock.unlock();
        }
    }

    /** Gives back the room of one operation. */
    void release(int bytes) {
        state.addAndGet(-((1L << BYTE_BITS) + bytes));
        if (waiting > 0) {
            lock.lock();
            try {
                released.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    int count() {
        return (int) (state.get() >>> BYTE_BITS);
    }

    long bytes() {
        return state.get() & BYTE_MASK;
    }
}
