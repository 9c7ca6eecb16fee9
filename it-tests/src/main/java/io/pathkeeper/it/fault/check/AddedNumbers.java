package io.pathkeeper.it.fault.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Numbers that were added to a collection, each once, and what stands in the collection in the end: what was acknowledged stands there, what was refused does not,
 * what nobody knows of may, nothing stands there twice, and nothing else does. Safe to record from any thread.
 */
public final class AddedNumbers {
    private final String collection;
    private final Set<Long> acknowledged = new HashSet<>();
    private final Set<Long> refused = new HashSet<>();
    private final Set<Long> removed = new HashSet<>();
    private final Set<Long> unknown = new HashSet<>();

    /** Of a collection with a name, for the sentences. */
    public AddedNumbers(String collection) {
        this.collection = collection;
    }

    /** The addition was acknowledged. */
    public synchronized void acknowledged(long number) {
        acknowledged.add(number);
    }

    /** The addition was refused. */
    public synchronized void refused(long number) {
        refused.add(number);
    }

    /** It was taken out again, which was acknowledged. */
    public synchronized void removed(long number) {
        acknowledged.remove(number);
        removed.add(number);
    }

    /** Nobody knows whether it is there: its addition, or its removal, was not answered. */
    public synchronized void unknown(long number) {
        acknowledged.remove(number);
        unknown.add(number);
    }

    /** All that was recorded. */
    @Override
    public synchronized String toString() {
        return collection + ": acknowledged " + new TreeSet<>(acknowledged) + "\nrefused " + new TreeSet<>(refused)
                + "\nremoved " + new TreeSet<>(removed) + "\nunknown " + new TreeSet<>(unknown);
    }

    /** Returns a sentence for everything that is wrong with the collection as it stands in the end. */
    public synchronized List<String> violations(List<Long> found) {
        List<String> violations = new ArrayList<>();
        Set<Long> once = new HashSet<>();
        for (long number : found) {
            if (!once.add(number)) {
                violations.add("doubled: " + number + " stands twice in " + collection);
            } else if (refused.contains(number)) {
                violations.add("applied though refused: " + number + " in " + collection);
            } else if (removed.contains(number)) {
                violations.add("back again: " + number + " in " + collection + ", whose removal was acknowledged");
            } else if (!acknowledged.contains(number) && !unknown.contains(number)) {
                violations.add("invented: " + number + " in " + collection);
            }
        }
        for (long number : acknowledged) {
            if (!once.contains(number)) {
                violations.add("lost: " + number + " was acknowledged and is not in " + collection);
            }
        }
        return violations;
    }
}
