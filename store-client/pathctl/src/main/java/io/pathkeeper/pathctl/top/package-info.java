/**
 * {@code pathctl top}: what the servers do now, from two answers of each.
 *
 * <p>May import the root package, {@code command} and {@code text}. Everything runs on the thread of the command.
 */
@NullMarked
package io.pathkeeper.pathctl.top;

import org.jspecify.annotations.NullMarked;
