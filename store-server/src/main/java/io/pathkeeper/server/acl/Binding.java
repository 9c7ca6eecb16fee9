package io.pathkeeper.server.acl;

import java.util.Set;

/**
 * Gives a role to principals and groups.
 *
 * @param role name of the role; one that does not exist gives nothing
 * @param principals names of principals
 * @param groups names of groups
 */
public record Binding(String role, Set<String> principals, Set<String> groups) {
    /** Group to which everybody belongs who was authenticated. */
    public static final String EVERYONE = "everyone";

    /** Copies the sets. */
    public Binding {
        principals = Set.copyOf(principals);
        groups = Set.copyOf(groups);
    }
}
