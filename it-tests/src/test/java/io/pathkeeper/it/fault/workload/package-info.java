/** Workloads on servers that are well. */
@NullMarked
package io.pathkeeper.it.fault.workload;

import org.jspecify.annotations.NullMarked;
