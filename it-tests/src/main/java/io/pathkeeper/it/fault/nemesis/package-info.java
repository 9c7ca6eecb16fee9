/**
 * What hurts servers: one class for each family of faults, each fault with a name. {@link io.pathkeeper.it.fault.nemesis.Nemeses} lists them.
 *
 * <p>May import {@code it.fault.cluster}. All choices come from the dice that are handed in. Used by the one thread that drives the cluster.
 */
@NullMarked
package io.pathkeeper.it.fault.nemesis;

import org.jspecify.annotations.NullMarked;
