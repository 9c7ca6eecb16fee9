package io.pathkeeper.it.fault.workload;

import java.util.List;

/**
 * What a workload found.
 *
 * @param workload its name
 * @param succeeded calls that were answered well
 * @param refused calls that were refused, so without effect
 * @param unknown calls whose outcome is not known: no answer in time, or the connection broke
 * @param violations a sentence for each broken promise, the history that shows it included; empty when all were kept
 */
public record Findings(String workload, long succeeded, long refused, long unknown, List<String> violations) {
    /** Copies the list. */
    public Findings {
        violations = List.copyOf(violations);
    }

    /** All calls whose outcome was checked. */
    public long operations() {
        return succeeded + refused + unknown;
    }
}
