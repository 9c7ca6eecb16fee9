/**
 * What can go wrong: unchecked exceptions with a stable reason, the server's metadata and an honest outcome.
 *
 * <p>Imports nothing of the library but itself. Immutable.
 */
@NullMarked
package io.pathkeeper.client.error;

import org.jspecify.annotations.NullMarked;
