/**
 * Sessions: replicated records of the clients that live, and what belongs to each of them.
 *
 * <p>May import {@code id} and {@code tree}. Plain Java, no clock: how long a session was not heard of is known to the leader
 * alone, and only a committed command opens or ends one. The apply thread writes the table; any thread reads it.
 */
@NullMarked
package io.pathkeeper.server.session;

import org.jspecify.annotations.NullMarked;
