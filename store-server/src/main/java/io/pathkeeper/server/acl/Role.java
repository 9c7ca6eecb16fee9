package io.pathkeeper.server.acl;

import java.util.EnumSet;
import java.util.List;

/** A name for a list of rules. */
public record Role(String name, List<Rule> rules) {
    /** Name of the role that is always there, cannot be changed, and may do everything. */
    public static final String ADMIN = "admin";

    static final Role ALL = new Role(ADMIN, List.of(new Rule("/", EnumSet.allOf(Verb.class), false)));

    /** Copies the rules. */
    public Role {
        rules = List.copyOf(rules);
    }
}
