package io.pathkeeper.it.fault.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Counts calls by outcome and keeps the first violations. Safe to use from any thread. */
final class Tally {
    private static final int MAX_VIOLATIONS = 10;

    private final LongAdder succeeded = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder unknown = new LongAdder();
    private final List<String> violations = new ArrayList<>();
    private long leftOut;

    void succeeded() {
        succeeded.increment();
    }

    void failed(CallFailure failure) {
        (failure.isRefused() ? refused : unknown).increment();
    }

    synchronized void violated(List<String> sentences) {
        for (String sentence : sentences) {
            if (violations.size() < MAX_VIOLATIONS) {
                violations.add(sentence);
            } else {
                leftOut++;
            }
        }
    }

    /** All that was counted; says how many violations are not shown. */
    synchronized Findings findings(String workload) {
        List<String> shown = new ArrayList<>(violations);
        if (leftOut > 0) {
            shown.add("and " + leftOut + " more");
        }
        return new Findings(workload, succeeded.sum(), refused.sum(), unknown.sum(), shown);
    }
}
