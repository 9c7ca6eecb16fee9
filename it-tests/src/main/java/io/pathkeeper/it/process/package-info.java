/**
 * Server processes on this machine: free ports, a process with its log file, and what the operating system says of its use of
 * processor time; and what somebody must know of a run on it. Shared by the scenarios and by the benchmark.
 *
 * <p>Imports nothing of ours. Processes are always ended by their id; a process that is still there when the JVM ends is killed by
 * a hook. Classes may be used from any thread.
 */
@NullMarked
package io.pathkeeper.it.process;

import org.jspecify.annotations.NullMarked;
