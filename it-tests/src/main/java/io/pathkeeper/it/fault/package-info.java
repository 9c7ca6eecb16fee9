/**
 * Runs loads on servers that suffer faults, checks every promise afterwards and reports. The command line is {@code it-tests/bin/faults}.
 *
 * <p>May import all of {@code it.fault} and server processes. One thread drives the servers and chooses the faults; each client of a workload has a thread of its own, and so has the probe of recovery.
 */
@NullMarked
package io.pathkeeper.it.fault;

import org.jspecify.annotations.NullMarked;
