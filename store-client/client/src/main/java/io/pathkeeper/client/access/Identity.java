package io.pathkeeper.client.access;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who a caller is.
 *
 * @param principal name of the principal; {@code anonymous} when authentication is off
 * @param kind how it was proved
 * @param groups sorted
 * @param roles all roles it has
 * @param expiresAt when the credential ends; null for never
 */
public record Identity(
        String principal,
        CredentialKind kind,
        List<String> groups,
        List<String> roles,
        @Nullable Instant expiresAt) {
    /** Copies the lists. */
    public Identity {
        groups = List.copyOf(groups);
        roles = List.copyOf(roles);
    }
}
