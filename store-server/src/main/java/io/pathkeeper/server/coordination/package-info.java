/**
 * Locks and elections: who holds and who waits, and what of it changed at a revision.
 *
 * <p>May import {@code id}, {@code session} and {@code tree}. Plain Java, deterministic. The apply thread writes the table; any
 * thread reads it; everything else is immutable.
 */
@NullMarked
package io.pathkeeper.server.coordination;

import org.jspecify.annotations.NullMarked;
