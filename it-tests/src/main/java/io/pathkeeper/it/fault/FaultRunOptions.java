package io.pathkeeper.it.fault;

import io.pathkeeper.it.fault.nemesis.Nemesis;
import io.pathkeeper.it.fault.workload.Pace;
import io.pathkeeper.it.fault.workload.Workload;
import java.time.Duration;
import java.util.List;

/**
 * What a run shall do.
 *
 * @param length how long faults are made
 * @param seed of all dice
 * @param faultsEvery pause between the end of a fault and the next one
 * @param nemeses kinds to choose from
 * @param workloads loads to run, new ones; the run closes them
 * @param strict whether writes that come back too late are violations
 * @param pace of all calls of the loads together
 */
record FaultRunOptions(
        Duration length,
        long seed,
        Duration faultsEvery,
        List<Nemesis> nemeses,
        List<Workload> workloads,
        boolean strict,
        Pace pace) {
    /** Copies the lists. */
    FaultRunOptions {
        nemeses = List.copyOf(nemeses);
        workloads = List.copyOf(workloads);
    }
}
