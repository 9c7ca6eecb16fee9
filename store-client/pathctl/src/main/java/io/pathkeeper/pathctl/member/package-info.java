/**
 * The commands of {@code pathctl member}: who belongs to the cluster, and changes of that.
 *
 * <p>May import the root package, {@code command} and {@code text}. Everything runs on the thread of the command.
 */
@NullMarked
package io.pathkeeper.pathctl.member;

import org.jspecify.annotations.NullMarked;
