package io.pathkeeper.server.acl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The compiled policy against the plain words: a rule covers a path and what is below, one that denies goes before all that allow. */
@Timeout(60)
class PolicyModelTest {
    private static final List<String> NAMES = List.of("a", "b", "ab", "alice", "bob", "${principal}");

    private static byte[] utf8(String path) {
        return path.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void answersAsTheRulesRead(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 40; round++) {
            List<Role> roles = roles(random, 1 + random.nextInt(130));
            List<Binding> bindings = bindings(random, roles);
            Policy policy = new Policy(roles, bindings);
            for (int i = 0; i < 60; i++) {
                String principal = random.nextBoolean() ? "alice" : "bob";
                Set<String> groups = random.nextBoolean() ? Set.of() : Set.of("ops");
                Verb verb = Verb.values()[random.nextInt(6)];
                String path = path(random, 5, false);

                boolean expected = naive(roles, bindings, principal, groups, verb, path);
                Grants grants = policy.grants(principal, groups);

                String what = "seed " + seed + ": " + principal + groups + " " + verb + " " + path;
                assertThat(grants.allows(verb, utf8(path))).as(what).isEqualTo(expected);
                assertThat(grants.explain(verb, utf8(path)).allowed()).as(what).isEqualTo(expected);
                if (grants.allowsAllBelow(verb, utf8(path))) {
                    String below = (path.equals("/") ? "" : path) + path(random, 3, false);
                    assertThat(naive(roles, bindings, principal, groups, verb, below.equals("/") ? "/" : below))
                            .as(what + " below, at " + below)
                            .isTrue();
                }
            }
        }
    }

    private static boolean naive(
            List<Role> roles, List<Binding> bindings, String principal, Set<String> groups, Verb verb, String path) {
        Set<String> all = new HashSet<>(groups);
        all.add("everyone");
        boolean allowed = false;
        for (Binding binding : bindings) {
            boolean bound = binding.principals().contains(principal)
                    || binding.groups().stream().anyMatch(all::contains);
            for (Role role : bound ? roles : List.<Role>of()) {
                for (Rule rule : role.name().equals(binding.role()) ? role.rules() : List.<Rule>of()) {
                    String prefix = rule.path().replace("${principal}", principal);
                    boolean covers = prefix.equals("/") || path.equals(prefix) || path.startsWith(prefix + "/");
                    if (covers && rule.verbs().contains(verb)) {
                        if (rule.deny()) {
                            return false;
                        }
                        allowed = true;
                    }
                }
            }
        }
        return allowed;
    }

    private static List<Role> roles(Random random, int count) {
        List<Role> roles = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<Rule> rules = new ArrayList<>();
            for (int r = random.nextInt(4); r >= 0; r--) {
                Set<Verb> verbs = EnumSet.of(Verb.values()[random.nextInt(6)], Verb.values()[random.nextInt(6)]);
                rules.add(new Rule(path(random, 3, true), verbs, random.nextInt(5) == 0));
            }
            roles.add(new Role("r" + i, rules));
        }
        return roles;
    }

    private static List<Binding> bindings(Random random, List<Role> roles) {
        List<Binding> bindings = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Set<String> principals = random.nextBoolean() ? Set.of("alice") : Set.of("bob", "carol");
            Set<String> groups = switch (random.nextInt(4)) {
                case 0 -> Set.of("ops");
                case 1 -> Set.of("everyone");
                default -> Set.of();
            };
            bindings.add(new Binding(roles.get(random.nextInt(roles.size())).name(), principals, groups));
        }
        bindings.add(new Binding("missing", Set.of("alice"), Set.of()));
        return bindings;
    }

    private static String path(Random random, int most, boolean template) {
        StringBuilder path = new StringBuilder();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            path.append('/').append(NAMES.get(random.nextInt(template ? 6 : 5)));
        }
        return path.isEmpty() ? "/" : path.toString();
    }

    @Test
    void aPrefixOfANameIsNoPrefixOfAPath() {
        Policy policy = new Policy(
                List.of(new Role("r", List.of(new Rule("/app", EnumSet.of(Verb.READ), false)))),
                List.of(new Binding("r", Set.of("alice"), Set.of())));
        Grants alice = policy.grants("alice", Set.of());

        assertThat(alice.allows(Verb.READ, utf8("/app"))).isTrue();
        assertThat(alice.allows(Verb.READ, utf8("/app/x"))).isTrue();
        assertThat(alice.allows(Verb.READ, utf8("/apple"))).isFalse();
        assertThat(alice.allows(Verb.READ, utf8("/"))).isFalse();
        assertThat(alice.allows(Verb.WRITE, utf8("/app"))).isFalse();
        assertThat(policy.grants("bob", Set.of()).allows(Verb.READ, utf8("/app")))
                .isFalse();
    }

    @Test
    void theRoleAdminMayDoEverything() {
        Policy policy = new Policy(List.of(), List.of(new Binding("admin", Set.of(), Set.of("ops"))));

        for (Verb verb : Verb.values()) {
            assertThat(policy.grants("x", Set.of("ops")).allowsAllBelow(verb, utf8("/")))
                    .isTrue();
            assertThat(policy.grants("x", Set.of()).allows(verb, utf8("/"))).isFalse();
        }
    }
}
