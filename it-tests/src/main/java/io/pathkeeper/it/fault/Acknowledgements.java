package io.pathkeeper.it.fault;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** When the last thousands of writes through one server were begun and acknowledged, by {@link System#nanoTime}. Safe to use from any thread. */
final class Acknowledgements {
    private static final int MOST = 20_000;

    private record Write(long begun, long done) {}

    private final Deque<Write> writes = new ArrayDeque<>();

    synchronized void add(long begun, long done) {
        writes.addLast(new Write(begun, done));
        if (writes.size() > MOST) {
            writes.removeFirst();
        }
    }

    /** Longest time between two moments in which nothing was acknowledged, in milliseconds. */
    synchronized long longestGap(long from, long to) {
        List<Long> since = new ArrayList<>(writes.stream()
                .map(write -> write.done() - from)
                .filter(nanos -> nanos >= 0 && nanos <= to - from)
                .sorted()
                .toList());
        since.add(to - from);
        long longest = 0;
        long last = 0;
        for (long nanos : since) {
            longest = Math.max(longest, nanos - last);
            last = nanos;
        }
        return TimeUnit.NANOSECONDS.toMillis(longest);
    }

    /** Adds how long the writes took that were acknowledged between two moments. */
    synchronized void addTimes(long from, long to, RecoveryTimes times) {
        writes.stream()
                .filter(write -> write.done() - from >= 0 && to - write.done() >= 0)
                .forEach(write -> times.add(TimeUnit.NANOSECONDS.toMillis(write.done() - write.begun())));
    }
}
