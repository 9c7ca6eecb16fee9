/**
 * How sessions keep time: on the leader only, on its monotonic clock, and only a committed command ends one.
 *
 * <p>May import the core, {@code store}, {@code config} and {@code metrics}. Never reads the wall clock.
 *
 * <p>Threads: one monitor in the keeper, held for short times only; nothing is called from inside it.
 */
@NullMarked
package io.pathkeeper.server.expiry;

import org.jspecify.annotations.NullMarked;
