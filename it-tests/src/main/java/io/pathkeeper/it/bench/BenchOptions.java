package io.pathkeeper.it.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the benchmark is to do.
 *
 * @param stubs Pathkeeper is loaded through plain unary stubs instead of its Java client
 * @param python program that loads the stores; empty where this JVM does
 * @param workloads workloads that are the same call again and again
 * @param trials what is run beside them
 * @param outstanding numbers of outstanding calls to run each workload with
 * @param rate calls that are due in a second; 0: each place makes its next call when it is answered
 * @param deletes znodes that a measurement of deletes has at most
 * @param valueBytes size of the values
 * @param znodes number of znodes
 * @param warmup mixed load on each store before the first measurement
 * @param measured length of each measurement
 * @param repeats measurements of each kind
 * @param clients Java clients of Pathkeeper, each with a connection of its own
 * @param heap heap of each server, as Java's -Xmx takes it
 * @param jvmOptions more options of all servers' JVMs
 * @param settings configuration of the Pathkeeper servers, key=value
 * @param serverJar jar of the Pathkeeper server
 * @param directory where data and logs go
 */
record BenchOptions(
        boolean stubs,
        Optional<PythonProgram> python,
        List<Workload> workloads,
        List<Trial> trials,
        List<Integer> outstanding,
        int rate,
        int deletes,
        int valueBytes,
        int znodes,
        Duration warmup,
        Duration measured,
        int repeats,
        int clients,
        String heap,
        List<String> jvmOptions,
        List<String> settings,
        Path serverJar,
        Path directory) {}
