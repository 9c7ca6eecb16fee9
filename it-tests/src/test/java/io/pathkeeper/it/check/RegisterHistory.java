package io.pathkeeper.it.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Reads and writes of one znode whose values are numbers, written by one writer in ascending order, with the times at which each call
 * was sent and answered. Says whether every read was linearizable: no read returns less than what had been written, or read, before it
 * was sent, and none returns what had not been sent to be written when it was answered.
 *
 * <p>Times are of one clock that never goes back, {@link System#nanoTime()}. Safe to record from any thread.
 */
public final class RegisterHistory {
    private record Call(long value, long sentNanos, long answeredNanos) {}

    private final List<Call> writes = new ArrayList<>();
    private final List<Call> reads = new ArrayList<>();

    /** Records a write that was acknowledged. */
    public synchronized void wrote(long value, long sentNanos, long answeredNanos) {
        writes.add(new Call(value, sentNanos, answeredNanos));
    }

    /** Records a read that was answered with a value. Reads that failed need no record: they promise nothing. */
    public synchronized void read(long value, long sentNanos, long answeredNanos) {
        reads.add(new Call(value, sentNanos, answeredNanos));
    }

    /** Number of recorded reads. */
    public synchronized int readCount() {
        return reads.size();
    }

    /** Returns a sentence for every read that breaks the promise; empty when all is well. */
    public synchronized List<String> violations() {
        List<String> violations = new ArrayList<>();
        List<Call> byAnswer = new ArrayList<>(writes);
        byAnswer.addAll(reads);
        byAnswer.sort(Comparator.comparingLong(Call::answeredNanos));
        List<Call> bySending = new ArrayList<>(reads);
        bySending.sort(Comparator.comparingLong(Call::sentNanos));
        long known = Long.MIN_VALUE;
        int next = 0;
        for (Call read : bySending) {
            while (next < byAnswer.size() && byAnswer.get(next).answeredNanos() < read.sentNanos()) {
                known = Math.max(known, byAnswer.get(next++).value());
            }
            if (read.value() < known) {
                violations.add("stale: a read returned " + read.value() + " though " + known
                        + " had been answered before the read was sent");
            }
            if (writes.stream().noneMatch(w -> w.value() == read.value() && w.sentNanos() < read.answeredNanos())) {
                violations.add("invented: a read returned " + read.value()
                        + ", which nobody had sent to be written when the read was answered");
            }
        }
        return violations;
    }
}
