/**
 * Sessions: what makes ephemeral znodes, locks and candidacies end with the program that made them. Reads, writes and observers need none.
 *
 * <p>Imports nothing of the library but {@code error}. Options, keys and facts are immutable; a session is safe to use from any thread, its
 * listeners are called by one callback thread at a time.
 */
@NullMarked
package io.pathkeeper.client.session;

import org.jspecify.annotations.NullMarked;
