/**
 * Observations: what to observe, the frames that come, and the listener or subscriber that takes them.
 *
 * <p>Imports {@code model} and {@code error}. Requests and frames are immutable; listeners are called by one callback thread at a
 * time, never by an I/O thread.
 */
@NullMarked
package io.pathkeeper.client.observe;

import org.jspecify.annotations.NullMarked;
