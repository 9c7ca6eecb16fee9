package io.pathkeeper.server.acl;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Measures what one check costs at 100 roles and 10,000 rules; a program, not a test. */
public final class PolicyMeasurement {
    private static final int ROLES = 100;
    private static final int RULES = 100;
    private static final int PATHS = 4_096;

    private PolicyMeasurement() {}

    /** Time of this thread's processor, so that a busy machine does not count. */
    private static long now() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** Prints nanoseconds for one check, for a principal with all roles and for one with a single role. */
    public static void main(String[] args) {
        List<Role> roles = new ArrayList<>();
        List<Binding> bindings = new ArrayList<>();
        for (int r = 0; r < ROLES; r++) {
            List<Rule> rules = new ArrayList<>();
            for (int i = 0; i < RULES; i++) {
                String path = "/apps/team-" + r + "/service-" + i + (i % 10 == 9 ? "/${principal}" : "");
                rules.add(new Rule(path, EnumSet.of(Verb.READ, Verb.WRITE), i % 20 == 19));
            }
            roles.add(new Role("role-" + r, rules));
            bindings.add(new Binding("role-" + r, r == 7 ? Set.of("one", "all") : Set.of("all"), Set.of()));
        }
        long begin = now();
        Policy policy = new Policy(roles, bindings);
        System.out.printf("compiled %d rules in %.1f ms%n", ROLES * RULES, (now() - begin) / 1e6);
        byte[][] paths = new byte[PATHS][];
        for (int i = 0; i < PATHS; i++) {
            paths[i] = ("/apps/team-" + i % ROLES + "/service-" + i * 31 % RULES + "/config/key-" + i)
                    .getBytes(StandardCharsets.UTF_8);
        }
        for (String principal : List.of("all", "one", "all", "one", "all", "one")) {
            Grants grants = policy.grants(principal, Set.of());
            long allowed = 0;
            long start = now();
            for (int round = 0; round < 500; round++) {
                for (byte[] path : paths) {
                    allowed += grants.allows(Verb.WRITE, path) ? 1 : 0;
                }
            }
            double nanos = (double) (now() - start) / (500L * PATHS);
            System.out.printf("principal %s: %.0f ns for a check, %d allowed%n", principal, nanos, allowed / 500);
        }
    }
}
