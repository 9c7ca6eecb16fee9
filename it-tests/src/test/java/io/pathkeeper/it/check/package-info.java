/**
 * Checkers: they say whether what a scenario has recorded is what was promised. Each is tested with a planted fault.
 *
 * <p>Imports nothing of ours but the client's event types. Recording is safe from any thread unless a class says otherwise.
 */
@NullMarked
package io.pathkeeper.it.check;

import org.jspecify.annotations.NullMarked;
