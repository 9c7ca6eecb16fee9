/**
 * Servers that can be hurt: real processes, each with a disk and a piece of network of its own. A network is either namespaces of the operating system or proxies on
 * the loopback address.
 *
 * <p>May import {@code it.process} and {@code it.coordination}'s stubs. Everything is made and ended by one thread; whatever is left when the JVM ends is removed by a hook, and
 * what a killed run has left by the next one, which knows it by its name.
 */
@NullMarked
package io.pathkeeper.it.fault.cluster;

import org.jspecify.annotations.NullMarked;
