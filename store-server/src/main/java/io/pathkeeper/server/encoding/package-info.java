/**
 * Bytes of the stored formats: a growable output and a checked input that share one set of primitives.
 *
 * <p>Imports nothing of ours. No format lives here, only what all of them are made of: variable-length numbers, fixed-length
 * numbers, byte arrays and texts with their length. Objects belong to the thread that uses them.
 */
@NullMarked
package io.pathkeeper.server.encoding;

import org.jspecify.annotations.NullMarked;
