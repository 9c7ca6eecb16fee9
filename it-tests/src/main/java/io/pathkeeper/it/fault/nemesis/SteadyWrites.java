package io.pathkeeper.it.fault.nemesis;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes, one after the other, of which all have to be done but those around one change of the leader. Used by one thread. */
final class SteadyWrites {
    private final Map<String, Integer> failures = new TreeMap<>();
    private int done;
    private int interruptions;
    private boolean interrupted;

    /**
     * The next one was answered.
     *
     * @param answer empty when it was done, else why not
     */
    void answered(String answer) {
        if (answer.isEmpty()) {
            done++;
            interrupted = false;
            return;
        }
        failures.merge(answer, 1, Integer::sum);
        interruptions += interrupted ? 0 : 1;
        interrupted = true;
    }

    /** A sentence when they were not steady. */
    List<String> problems() {
        return interruptions > 1 || done == 0 || interrupted
                ? List.of("writes through servers with space are not steady: " + this)
                : List.of();
    }

    @Override
    public String toString() {
        return done + " done" + (failures.isEmpty() ? "" : ", " + interruptions + " times not: " + failures);
    }
}
