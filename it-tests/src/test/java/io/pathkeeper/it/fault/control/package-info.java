/** Tests of the planted faults and of the loss of power. One test thread. */
@NullMarked
package io.pathkeeper.it.fault.control;

import org.jspecify.annotations.NullMarked;
