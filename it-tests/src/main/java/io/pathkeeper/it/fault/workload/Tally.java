package io.pathkeeper.it.fault.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts calls by outcome, and what is told, and keeps the first violations. Safe to use from any thread. */
final class Tally {
    private static final int MAX_VIOLATIONS = 10;
    /** The reason of an error that no server may ever give. */
    private static final String DEFECT = "INTERNAL";

    private final LongAdder succeeded = new LongAdder();
    private final LongAdder told = new LongAdder();
    private final Map<String, Long> refused = new TreeMap<>();
    private final Map<String, Long> unknown = new TreeMap<>();
    private final List<String> violations = new ArrayList<>();
    private final Map<String, String> histories = new TreeMap<>();
    private long leftOut;

    void succeeded() {
        succeeded.increment();
    }

    /** Something came that was not asked for by a call of its own: it is no operation. */
    void told() {
        told.increment();
    }

    /** A failure; one that the server calls a defect of its own is a violation, too. */
    synchronized void failed(CallFailure failure) {
        if (failure.reason().equals(DEFECT)) {
            violated(List.of("defect: a server answered " + failure.getMessage()));
        }
        (failure.isRefused() ? refused : unknown).merge(failure.label(), 1L, Long::sum);
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

    /** Keeps what was recorded of an object with a violation, of the first ones only. */
    synchronized void history(String object, String recorded) {
        if (histories.size() < MAX_VIOLATIONS) {
            histories.put(object, recorded);
        }
    }

    /** All that was counted; says how many violations are not shown. */
    synchronized Findings findings(String workload) {
        List<String> shown = new ArrayList<>(violations);
        if (leftOut > 0) {
            shown.add("and " + leftOut + " more");
        }
        return new Findings(workload, succeeded.sum(), refused, unknown, told.sum(), shown, histories);
    }
}
