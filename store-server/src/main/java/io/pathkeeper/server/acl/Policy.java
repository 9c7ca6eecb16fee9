package io.pathkeeper.server.acl;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All roles and bindings, compiled. The role {@link Role#ADMIN} is always among them. Immutable. */
public final class Policy {
    private final List<Role> roles = new ArrayList<>();
    private final RuleTree tree;
    private final Map<String, long[]> byPrincipal = new HashMap<>();
    private final Map<String, long[]> byGroup = new HashMap<>();
    private final int words;

    /** Compiles roles, whose names are unique and none of them {@link Role#ADMIN}, and bindings. */
    public Policy(Collection<Role> roles, Collection<Binding> bindings) {
        this.roles.add(Role.ALL);
        this.roles.addAll(roles);
        words = (this.roles.size() + 63) / 64;
        tree = RuleTree.of(this.roles);
        Map<String, Integer> numbers = new HashMap<>();
        for (int i = 0; i < this.roles.size(); i++) {
            numbers.put(this.roles.get(i).name(), i);
        }
        for (Binding binding : bindings) {
            Integer role = numbers.get(binding.role());
            if (role != null) {
                binding.principals().forEach(name -> give(byPrincipal, name, role));
                binding.groups().forEach(name -> give(byGroup, name, role));
            }
        }
    }

    private void give(Map<String, long[]> to, String name, int role) {
        to.computeIfAbsent(name, unused -> new long[words])[role >> 6] |= 1L << role;
    }

    /** What a principal with these groups may do. {@link Binding#EVERYONE} need not be among the groups. */
    public Grants grants(String principal, Set<String> groups) {
        long[] bits = new long[words];
        merge(bits, byPrincipal.get(principal));
        merge(bits, byGroup.get(Binding.EVERYONE));
        groups.forEach(group -> merge(bits, byGroup.get(group)));
        return new Grants(this, principal, bits);
    }

    /** What somebody may do who has this role alone. */
    public Grants grantsOfRole(String principal, String role) {
        long[] bits = new long[words];
        for (int i = 0; i < roles.size(); i++) {
            if (roles.get(i).name().equals(role)) {
                bits[i >> 6] |= 1L << i;
            }
        }
        return new Grants(this, principal, bits);
    }

    private static void merge(long[] into, long @org.jspecify.annotations.Nullable [] more) {
        for (int i = 0; more != null && i < into.length; i++) {
            into[i] |= more[i];
        }
    }

    /** Names of the groups to which a role was bound. */
    public Set<String> boundGroups() {
        return Set.copyOf(byGroup.keySet());
    }

    /** Names of the principals to which a role was bound. */
    public Set<String> boundPrincipals() {
        return Set.copyOf(byPrincipal.keySet());
    }

    RuleTree tree() {
        return tree;
    }

    List<Role> roles() {
        return roles;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
