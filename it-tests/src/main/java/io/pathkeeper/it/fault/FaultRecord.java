package io.pathkeeper.it.fault;

/**
 * A fault as it was.
 *
 * @param nemesis its kind
 * @param tookEffect whether it hurt anybody, as far as that is measured: only then it counts
 * @param atMillis since the run began
 * @param heldMillis how long it was in force
 * @param what what was done to whom
 * @param endMillis how long its end took: servers that it stopped were started and answer
 * @param outcome what came of it, or empty
 * @param leaderKillMillis from the kill of the leader to the next acknowledged write, -1 when that was not the fault
 * @param healedMillis from the end of the fault to the next acknowledged write, -1 when it never began
 */
record FaultRecord(
        String nemesis,
        boolean tookEffect,
        long atMillis,
        long heldMillis,
        long endMillis,
        String what,
        String outcome,
        long leaderKillMillis,
        long healedMillis) {
    /** A fault that failed to begin. */
    static FaultRecord notBegun(String nemesis, long atMillis, String why) {
        return new FaultRecord(nemesis, false, atMillis, 0, 0, "could not begin: " + why, "", -1, -1);
    }
}
