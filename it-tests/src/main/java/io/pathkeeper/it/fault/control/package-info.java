/**
 * Positive controls: runs that must end red. Faults are planted into real server processes by a Java agent of our own ({@code fault.control.agent}), and
 * a loss of power is played from the agent's record of what was forced to disk. A control is red for the right reason only when the agent says
 * that the fault took effect.
 *
 * <p>May import {@code it.process} and the agent. Classes may be used from any thread.
 */
@NullMarked
package io.pathkeeper.it.fault.control;

import org.jspecify.annotations.NullMarked;
