/**
 * The replicated state: commands, their results, and the one function that turns a log entry into a new state.
 *
 * <p>May import {@code id}, {@code value}, {@code tree}, {@code session}, {@code coordination}: together the core. Plain Java:
 * no clock, no randomness, no I/O. The same log makes the same state on every server. Only the apply thread changes it;
 * everybody else reads what it published.
 */
@NullMarked
package io.pathkeeper.server.state;

import org.jspecify.annotations.NullMarked;
