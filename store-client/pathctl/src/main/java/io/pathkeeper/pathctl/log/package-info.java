/**
 * The commands of {@code pathctl log}: how much the servers log.
 *
 * <p>May import the root package, {@code command} and {@code text}. Everything runs on the thread of the command.
 */
@NullMarked
package io.pathkeeper.pathctl.log;

import org.jspecify.annotations.NullMarked;
