package io.pathkeeper.client.access;

import java.util.List;

/**
 * A role.
 *
 * @param name its name; {@code admin} is taken
 * @param rules what it allows and denies; at most 1,000
 */
public record Role(String name, List<AccessRule> rules) {
    /** The role that is always there and may do everything. */
    public static final String ADMIN = "admin";

    /** Copies the rules. */
    public Role {
        rules = List.copyOf(rules);
    }
}
