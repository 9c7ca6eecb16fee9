package io.pathkeeper.it.history;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * An election as candidates and observers saw it. An observer must see every leader between the first and the last one that it saw, in the order of
 * the terms, and nothing twice. Safe to record from any thread.
 */
public final class ElectionHistory {
    private record Seen(long term, long revision) {}

    private final Set<Long> elected = new TreeSet<>();
    private final List<String> electedTwice = new ArrayList<>();
    private final Map<String, List<Seen>> observers = new LinkedHashMap<>();

    /** Records that a candidate was told that it leads in a term; once for each term. */
    public synchronized void elected(long term, String candidate) {
        if (!elected.add(term)) {
            electedTwice.add("two leaders in term " + term + ", one is " + candidate);
        }
    }

    /** Records what an observer was told: the leader's term, 0 when there is none, and the revision. */
    public synchronized void observed(String observer, long term, long revision) {
        observers.computeIfAbsent(observer, name -> new ArrayList<>()).add(new Seen(term, revision));
    }

    /** Number of leaders that were told so. */
    public synchronized int leaderCount() {
        return elected.size();
    }

    /** The highest term that an observer was told of; 0 when it was told of none. */
    public synchronized long newestTerm(String observer) {
        return observers.getOrDefault(observer, List.of()).stream()
                .mapToLong(Seen::term)
                .max()
                .orElse(0);
    }

    /** Returns a sentence for every promise that was broken; empty when all is well. */
    public synchronized List<String> violations() {
        List<String> violations = new ArrayList<>(electedTwice);
        observers.forEach((observer, all) -> check(observer, all, violations));
        return violations;
    }

    private void check(String observer, List<Seen> all, List<String> violations) {
        long revision = 0;
        long term = 0;
        long first = 0;
        Set<Long> terms = new HashSet<>();
        for (Seen seen : all) {
            if (seen.revision() <= revision) {
                violations.add(observer + " was told of revision " + seen.revision() + " behind " + revision);
            }
            revision = Math.max(revision, seen.revision());
            if (seen.term() == 0) {
                continue;
            }
            if (seen.term() < term) {
                violations.add(observer + " saw term " + seen.term() + " behind term " + term);
            }
            term = Math.max(term, seen.term());
            first = first == 0 ? seen.term() : first;
            terms.add(seen.term());
        }
        for (long leader : elected) {
            if (leader > first && leader < term && !terms.contains(leader)) {
                violations.add(observer + " did not see the leader of term " + leader);
            }
        }
    }

    @Override
    public synchronized String toString() {
        return elected.size() + " leaders, " + observers.size() + " observers";
    }
}
