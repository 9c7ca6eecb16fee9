package io.pathkeeper.server.raft;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Those who wait until a number (an applied index, a revision) is reached. The apply thread asks once an entry, which costs a
 * volatile read while nobody waits.
 */
final class Waiters {
    /** One who waits. */
    record Waiter(long target, long deadlineNanos, Runnable reached, Runnable expired) {}

    private final PriorityQueue<Waiter> waiting = new PriorityQueue<>(Comparator.comparingLong(Waiter::target));
    private volatile long lowest = Long.MAX_VALUE;

    /** Adds one; the caller must look at the number once more behind this call. */
    synchronized void add(Waiter waiter) {
        waiting.add(waiter);
        lowest = waiting.peek().target();
    }

    /** Takes all who waited for this number or less. */
    List<Waiter> take(long reached) {
        if (reached < lowest) {
            return List.of();
        }
        List<Waiter> done = new ArrayList<>();
        synchronized (this) {
            while (!waiting.isEmpty() && waiting.peek().target() <= reached) {
                done.add(waiting.poll());
            }
            lowest = waiting.isEmpty() ? Long.MAX_VALUE : waiting.peek().target();
        }
        return done;
    }

    /** Takes all whose deadline has passed. */
    synchronized List<Waiter> takeExpired(long nowNanos) {
        if (waiting.isEmpty()) {
            return List.of();
        }
        List<Waiter> late = new ArrayList<>();
        waiting.removeIf(waiter -> {
            if (waiter.deadlineNanos() - nowNanos > 0) {
                return false;
            }
            late.add(waiter);
            return true;
        });
        lowest = waiting.isEmpty() ? Long.MAX_VALUE : waiting.peek().target();
        return late;
    }
}
