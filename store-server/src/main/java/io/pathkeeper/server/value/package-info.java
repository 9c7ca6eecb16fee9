/**
 * Typed values: the model, the canonical encoding in which they are stored, and changes of single fields.
 *
 * <p>Imports nothing of ours. Everything here is pure and deterministic: the same bytes on every server. Immutable types,
 * usable from any thread.
 */
@NullMarked
package io.pathkeeper.server.value;

import org.jspecify.annotations.NullMarked;
