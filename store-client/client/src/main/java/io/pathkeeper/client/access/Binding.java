package io.pathkeeper.client.access;

import java.util.List;

/**
 * Gives a role to principals and groups.
 *
 * @param name name of the binding
 * @param role name of the role
 * @param principals names of principals; at most 1,000
 * @param groups names of groups; at most 1,000. Everybody who has proved who it is belongs to {@code everyone}
 */
public record Binding(String name, String role, List<String> principals, List<String> groups) {
    /** Copies the lists. */
    public Binding {
        principals = List.copyOf(principals);
        groups = List.copyOf(groups);
    }
}
