/** The harness of faults is proven: what it must find is planted. */
@NullMarked
package io.pathkeeper.it.fault;

import org.jspecify.annotations.NullMarked;
