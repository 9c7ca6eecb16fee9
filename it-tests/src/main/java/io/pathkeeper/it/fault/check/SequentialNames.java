package io.pathkeeper.it.fault.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Creations of znodes with sequential names under one parent: no number is given twice, also when its znode was deleted meanwhile, and numbers grow in the order
 * of the revisions and of real time. Safe to record from any thread.
 */
public final class SequentialNames {
    /**
     * A creation that was acknowledged.
     *
     * @param number the number that the name got
     * @param revision of the creation
     * @param sentNanos when it was sent
     * @param answeredNanos when it was answered, of the same clock
     */
    public record Creation(long number, long revision, long sentNanos, long answeredNanos) {}

    private final List<Creation> creations = new ArrayList<>();

    /** Records a creation. */
    public synchronized void created(Creation creation) {
        creations.add(creation);
    }

    /** All that was recorded. */
    @Override
    public synchronized String toString() {
        return creations.stream().map(Creation::toString).collect(Collectors.joining("\n"));
    }

    /** Returns a sentence for everything that is wrong. */
    public synchronized List<String> violations() {
        List<String> violations = new ArrayList<>();
        Map<Long, Creation> numbers = new HashMap<>();
        for (Creation creation : creations) {
            Creation other = numbers.put(creation.number(), creation);
            if (other != null) {
                violations.add("one number twice: " + other + " and " + creation);
            }
        }
        List<Creation> byRevision = new ArrayList<>(creations);
        byRevision.sort(Comparator.comparingLong(Creation::revision));
        for (int i = 1; i < byRevision.size(); i++) {
            if (byRevision.get(i).number() <= byRevision.get(i - 1).number()) {
                violations.add("not in the order of revisions: " + byRevision.get(i - 1) + " and " + byRevision.get(i));
            }
        }
        realTime(violations);
        return violations;
    }

    private void realTime(List<String> violations) {
        List<Creation> byAnswer = new ArrayList<>(creations);
        byAnswer.sort(Comparator.comparingLong(Creation::answeredNanos));
        List<Creation> bySending = new ArrayList<>(creations);
        bySending.sort(Comparator.comparingLong(Creation::sentNanos));
        int next = 0;
        Creation highest = new Creation(-1, 0, 0, 0);
        for (Creation creation : bySending) {
            while (byAnswer.get(next).answeredNanos() < creation.sentNanos()) {
                Creation answered = byAnswer.get(next++);
                highest = answered.number() > highest.number() ? answered : highest;
            }
            if (creation.number() < highest.number()) {
                violations.add(
                        "not in the order of time: " + highest + " was answered before " + creation + " was sent");
            }
        }
    }
}
