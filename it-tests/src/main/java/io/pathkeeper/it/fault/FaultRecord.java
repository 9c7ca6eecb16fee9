package io.pathkeeper.it.fault;

/**
 * A fault as it was.
 *
 * @param nemesis its kind
 * @param atMillis since the run began
 * @param heldMillis how long it was in force
 * @param what what was done to whom
 * @param outcome what came of it, or empty
 * @param leaderKillMillis from the kill of the leader to the next acknowledged write, -1 when that was not the fault
 * @param healedMillis from the end of the fault to the next acknowledged write
 */
record FaultRecord(
        String nemesis,
        long atMillis,
        long heldMillis,
        String what,
        String outcome,
        long leaderKillMillis,
        long healedMillis) {}
