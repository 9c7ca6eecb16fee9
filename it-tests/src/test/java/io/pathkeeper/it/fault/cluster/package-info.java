/** Networks, disks, clocks and the removal of what killed runs leave. */
@NullMarked
package io.pathkeeper.it.fault.cluster;

import org.jspecify.annotations.NullMarked;
