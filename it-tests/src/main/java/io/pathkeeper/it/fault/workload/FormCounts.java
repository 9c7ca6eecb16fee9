package io.pathkeeper.it.fault.workload;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which forms of observations there were how often, and what became of them. Safe to use from any thread. */
final class FormCounts {
    static final String RESETS = "resets";
    static final String REFUSED = "refused";
    static final String RESUMED = "resumed";
    static final String FRAGMENTS = "fragments";

    private final Map<String, Long> counts = new TreeMap<>();

    synchronized void count(String what) {
        counts.merge(what, 1L, Long::sum);
    }

    /** Those of which there was none. */
    synchronized List<String> missing(List<String> wanted) {
        return wanted.stream().filter(what -> !counts.containsKey(what)).toList();
    }

    /** For reports. */
    @Override
    public synchronized String toString() {
        return counts.toString();
    }
}
