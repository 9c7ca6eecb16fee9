package io.pathkeeper.client.access;

import java.util.List;

/**
 * A user.
 *
 * @param name name of the principal
 * @param groups its groups, sorted
 * @param disabled whether every credential of the principal is refused
 * @param hasPassword whether it can sign in with a password
 */
public record User(String name, List<String> groups, boolean disabled, boolean hasPassword) {
    /** Copies the groups. */
    public User {
        groups = List.copyOf(groups);
    }
}
