/**
 * The commands of {@code pathctl quota}: how much subtrees may have.
 *
 * <p>May use the client library and what all commands share. Runs on the thread of the command.
 */
@NullMarked
package io.pathkeeper.pathctl.quota;

import org.jspecify.annotations.NullMarked;
