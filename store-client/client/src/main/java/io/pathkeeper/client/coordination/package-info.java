/**
 * Locks and elections as the servers offer them: queues on the servers, grants with fencing tokens. What programs usually want is in
 * {@code recipe}.
 *
 * <p>Imports {@code model}, {@code session} and {@code error}. Requests and facts are immutable; handles are safe to use from any thread,
 * listeners are called by one callback thread at a time.
 */
@NullMarked
package io.pathkeeper.client.coordination;

import org.jspecify.annotations.NullMarked;
