/**
 * Observers: who is told of which change, from which revision on, how far behind one may be, and what happens then.
 *
 * <p>May import {@code id}, {@code value}, {@code tree}, {@code state}, {@code store}, {@code config} and {@code metrics}; knows
 * no transport: {@link io.pathkeeper.server.observe.FrameEncoder} and {@link io.pathkeeper.server.observe.ObserverTransport} are
 * its ports.
 *
 * <p>Threads: every subscription belongs for its whole life to one {@code ObserveLoop}, a thread that alone touches its state;
 * there are no locks. The apply thread only leaves a mark and wakes the loops, which read the shared history by themselves.
 * Transports signal through a queue.
 */
@NullMarked
package io.pathkeeper.server.observe;

import org.jspecify.annotations.NullMarked;
