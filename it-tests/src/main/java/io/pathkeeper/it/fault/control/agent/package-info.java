/**
 * Runs inside a server process, as a Java agent: plants faults into the product, or keeps a record of what was forced to disk. Nothing of this
 * is in the product, which therefore has no switch for any of it.
 *
 * <p>{@link io.pathkeeper.it.fault.control.agent.PlantedFault} names what each fault changes; {@link
 * io.pathkeeper.it.fault.control.agent.ControlAgent} refuses the start when that is not there. The classes that end in {@code Advice} are
 * never called: their code is copied into the product's methods, and calls the other classes, on the threads of the server. {@link
 * io.pathkeeper.it.fault.control.agent.ForcedLengths} is loaded by the JVM's own loader and therefore imports nothing but the JDK.
 * May import the server's public classes, Ratis and Byte Buddy.
 */
@NullMarked
package io.pathkeeper.it.fault.control.agent;

import org.jspecify.annotations.NullMarked;
