package io.pathkeeper.server.acl;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one principal may do under one policy. Immutable; {@link #allows} allocates nothing. */
public final class Grants {
    private final Policy policy;
    private final String name;
    private final byte[] principal;
    private final long[] roles;

    Grants(Policy policy, String name, long[] roles) {
        this.policy = policy;
        this.name = name;
        this.principal = Policy.utf8(name);
        this.roles = roles;
    }

    /**
     * The rule that decides.
     *
     * @param allowed whether the verb is allowed
     * @param role the role with the rule; null when no rule is about the path and the verb, which denies
     * @param rule the rule; of those that deny, else of those that allow, the one with the longest path
     */
    public record Decision(
            boolean allowed,
            @Nullable String role,
            @Nullable Rule rule) {}

    /** Whether the principal may do this at a path, given as UTF-8. */
    public boolean allows(Verb verb, byte[] path) {
        return policy.tree().allows(roles, principal, verb, path);
    }

    /** Whether the principal may do this at a path and at every path below it, whatever is there. */
    public boolean allowsAllBelow(Verb verb, byte[] path) {
        return allows(verb, path) && !policy.tree().deniesBelow(roles, principal, verb, path);
    }

    /** Names of the principal's roles. */
    public List<String> roleNames() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < policy.roles().size(); i++) {
            if ((roles[i >> 6] & 1L << i) != 0) {
                names.add(policy.roles().get(i).name());
            }
        }
        return names;
    }

    /** The same answer as {@link #allows}, with its reason; looks at every rule of the principal's roles. */
    public Decision explain(Verb verb, byte[] path) {
        String text = new String(path, StandardCharsets.UTF_8);
        Decision best = new Decision(false, null, null);
        for (int i = 0; i < policy.roles().size(); i++) {
            if ((roles[i >> 6] & 1L << i) == 0) {
                continue;
            }
            Role role = policy.roles().get(i);
            for (Rule rule : role.rules()) {
                if (rule.verbs().contains(verb) && rule.covers(name, text) && goesBefore(rule, best.rule())) {
                    best = new Decision(!rule.deny(), role.name(), rule);
                }
            }
        }
        return best;
    }

    private static boolean goesBefore(Rule rule, @Nullable Rule other) {
        if (other == null || rule.deny() != other.deny()) {
            return other == null || rule.deny();
        }
        return rule.names().size() > other.names().size();
    }
}
