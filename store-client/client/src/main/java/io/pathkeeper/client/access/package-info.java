/**
 * Who may do what: users, roles, bindings, tokens and namespaces as an administrator sees them, and what everybody may ask about itself.
 *
 * <p>Imports nothing of the library. Requests and facts are immutable and show no secret in {@code toString}; {@link
 * io.pathkeeper.client.access.Access} is safe to use from any thread.
 */
@NullMarked
package io.pathkeeper.client.access;

import org.jspecify.annotations.NullMarked;
