package io.pathkeeper.client.access;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a principal may do something, and why.
 *
 * @param allowed whether it may
 * @param principal who was looked at
 * @param role role of the rule that decides; empty when there is none, which denies unless everything is allowed
 * @param rule the rule that decides; null when there is none
 * @param roles all roles of the principal
 * @param explanation the reason in words
 */
public record Decision(
        boolean allowed,
        String principal,
        String role,
        @Nullable AccessRule rule,
        List<String> roles,
        String explanation) {
    /** Copies the roles. */
    public Decision {
        roles = List.copyOf(roles);
    }
}
