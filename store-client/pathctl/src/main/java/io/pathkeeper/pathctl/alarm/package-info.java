/**
 * The commands of {@code pathctl alarm}: what an operator has to look at on any server.
 *
 * <p>May import the root package, {@code command} and {@code text}. Everything runs on the thread of the command.
 */
@NullMarked
package io.pathkeeper.pathctl.alarm;

import org.jspecify.annotations.NullMarked;
