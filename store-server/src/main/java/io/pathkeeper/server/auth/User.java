package io.pathkeeper.server.auth;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A user. Roles are bound to names and groups: a principal of a token, a JWT or a certificate needs no user.
 *
 * @param name name of the principal
 * @param password null when it cannot sign in with a password
 * @param groups groups of the principal, however it is authenticated
 * @param disabled whether every credential of the principal is refused
 * @param credential number of the password: sign-in tokens carry it, and a new password has another one
 */
public record User(
        String name, @Nullable PasswordHash password, Set<String> groups, boolean disabled, long credential) {
    /** Copies the groups. */
    public User {
        groups = Set.copyOf(groups);
    }
}
