/**
 * Loads whose histories can be checked, each with its own checker. Knows servers by their addresses only, nothing of faults; may import {@code it.coordination}, {@code it.history},
 * {@code it.fault.check}, the client library and the generated stubs. Each client of a workload has a thread of its own.
 */
@NullMarked
package io.pathkeeper.it.fault.workload;

import org.jspecify.annotations.NullMarked;
