package io.pathkeeper.it.fault.workload;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a workload found.
 *
 * @param workload its name
 * @param succeeded calls that were answered well; what they answered was checked
 * @param refused calls that were refused, so without effect, by reason
 * @param unknown calls whose outcome is not known: no answer in time, or the connection broke; by reason
 * @param told what it was told without asking each time: events, answers to keep-alives
 * @param violations a sentence for each broken promise, the smallest history found that shows it included; empty when all were kept
 * @param histories all that was recorded of the objects with a violation, by their names, where a violation is of one object
 */
public record Findings(
        String workload,
        long succeeded,
        Map<String, Long> refused,
        Map<String, Long> unknown,
        long told,
        List<String> violations,
        Map<String, String> histories) {
    /** Copies the list and the maps, these in the order of their keys. */
    public Findings {
        refused = new TreeMap<>(refused);
        unknown = new TreeMap<>(unknown);
        violations = List.copyOf(violations);
        histories = Map.copyOf(histories);
    }

    /** Of a workload all of whose calls were answered well. */
    public Findings(String workload, long succeeded, List<String> violations) {
        this(workload, succeeded, Map.of(), Map.of(), 0, violations, Map.of());
    }

    /** Calls that were refused, for any reason. */
    public long refusedCount() {
        return sum(refused);
    }

    /** Calls whose outcome is not known, for any reason. */
    public long unknownCount() {
        return sum(unknown);
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
