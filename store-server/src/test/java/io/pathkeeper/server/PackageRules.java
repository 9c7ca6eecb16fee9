package io.pathkeeper.server;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The rules about packages, and the search for what breaks them. The classes that stand in the base package itself are the
 * composition: they may import all of ours, and nobody may import them.
 */
final class PackageRules {
    /** What a package may import from ours; a package may always import itself. */
    private static final Map<String, Set<String>> MAY_IMPORT = new LinkedHashMap<>();

    private static final Set<String> CORE = Set.of("id", "acl", "value", "tree", "session", "coordination", "state");

    static {
        row("id");
        row("acl", "id");
        row("value");
        row("tree", "id", "acl", "value");
        row("session", "id", "tree");
        row("coordination", "id", "session", "tree");
        row("state", "id", "acl", "value", "tree", "session", "coordination");
        row("encoding", "core");
        row("store", "core");
        row("snapshot", "core", "encoding");
        row("backup", "core", "encoding", "snapshot");
        row("alarm");
        row("disk");
        row("logging");
        row("tracing", "store", "config");
        row("wire");
        row("raft", "core", "store", "snapshot", "encoding", "config", "metrics", "wire", "disk");
        row("expiry", "core", "store", "config", "metrics");
        row("observe", "id", "value", "tree", "state", "store", "config", "metrics");
        row("auth", "id", "acl", "value", "tree", "config");
        row("audit", "config", "metrics");
        row(
                "rpc",
                "core",
                "store",
                "snapshot",
                "backup",
                "expiry",
                "observe",
                "auth",
                "audit",
                "logging",
                "tracing",
                "config",
                "metrics",
                "wire");
        row("admin", "id", "store", "config", "metrics", "wire");
        row("metrics");
        row("config");
    }

    /** Who may use what is not ours; by the beginning of the class name. */
    private static final Map<String, Set<String>> FOREIGN = Map.of(
            "org.apache.ratis.", Set.of("raft"),
            "io.grpc.", Set.of("rpc", "admin"),
            "com.google.protobuf.", Set.of("rpc", "admin"),
            "com.google.rpc.", Set.of("rpc", "admin"),
            "io.pathkeeper.v1.", Set.of("rpc", "admin"),
            "com.nimbusds.", Set.of("auth"),
            "io.micrometer.", Set.of("metrics"),
            "io.opentelemetry.", Set.of("tracing"));

    /** What would make the core depend on the machine it runs on. */
    private static final List<String> NOT_IN_CORE = List.of(
            "java.io.",
            "java.net.",
            "java.nio.file.",
            "java.nio.channels.",
            "java.time.Clock",
            "java.time.Instant",
            "java.util.Random",
            "java.util.UUID",
            "java.util.concurrent.ThreadLocalRandom",
            "java.util.concurrent.Executor",
            "java.security.SecureRandom",
            "java.lang.Thread",
            "org.slf4j.");

    private static final Set<String> CALLS_NOT_IN_CORE = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.lang.System.identityHashCode",
            "java.lang.System.getProperty",
            "java.lang.System.getenv",
            "java.lang.Math.random");

    private static final Set<String> EMPTY_WORDS =
            Set.of("util", "utils", "common", "misc", "helper", "helpers", "manager", "managers");

    private static final Pattern WORDS = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[.$_]");

    private final String base;
    private final Set<String> violations = new TreeSet<>();

    private PackageRules(String base) {
        this.base = base;
    }

    private static void row(String name, String... mayImport) {
        Set<String> allowed = new HashSet<>(List.of(mayImport));
        if (allowed.remove("core")) {
            allowed.addAll(CORE);
        }
        MAY_IMPORT.put(name, allowed);
    }

    /** What breaks the rules among classes of a base package, each as one sentence. */
    static List<String> violations(JavaClasses classes, String base) {
        PackageRules rules = new PackageRules(base);
        Set<String> packages = new HashSet<>();
        Set<String> described = new HashSet<>();
        for (JavaClass each : classes) {
            rules.check(each);
            packages.add(each.getPackageName());
            if (each.getSimpleName().equals("package-info")
                    && each.isAnnotatedWith("org.jspecify.annotations.NullMarked")) {
                described.add(each.getPackageName());
            }
        }
        packages.removeAll(described);
        packages.forEach(name -> rules.violations.add(name + " has no package-info.java with @NullMarked"));
        return new ArrayList<>(rules.violations);
    }

    private void check(JavaClass each) {
        String name = packageOf(each.getName());
        if (!name.isEmpty() && !MAY_IMPORT.containsKey(name)) {
            violations.add(each.getName() + " is in the package " + name + ", which has no row in the table");
        }
        for (String word : WORDS.split(each.getName().substring(base.length()))) {
            if (EMPTY_WORDS.contains(word.toLowerCase(Locale.ROOT))) {
                violations.add(each.getName() + " is called \"" + word + "\", which says nothing");
            }
        }
        for (Dependency dependency : each.getDirectDependenciesFromSelf()) {
            check(each, name, dependency.getTargetClass().getBaseComponentType().getName());
        }
        if (CORE.contains(name)) {
            for (JavaMethodCall call : each.getMethodCallsFromSelf()) {
                String called = call.getTargetOwner().getName() + "." + call.getName();
                if (CALLS_NOT_IN_CORE.contains(called)) {
                    violations.add(each.getName() + " calls " + called + " in the core");
                }
            }
        }
    }

    private void check(JavaClass from, String name, String target) {
        if (target.startsWith(base + ".")) {
            String other = packageOf(target);
            boolean allowed = name.isEmpty()
                    || name.equals(other)
                    || MAY_IMPORT.getOrDefault(name, Set.of()).contains(other);
            if (!allowed) {
                violations.add(from.getName() + " in " + name + " imports " + target + " of "
                        + (other.isEmpty() ? "the composition" : other));
            }
        }
        FOREIGN.forEach((prefix, allowed) -> {
            if (target.startsWith(prefix) && !allowed.contains(name)) {
                violations.add(
                        from.getName() + " imports " + target + ", which only " + new TreeSet<>(allowed) + " may");
            }
        });
        boolean machine = NOT_IN_CORE.stream().anyMatch(target::startsWith) && !target.equals("java.io.Serializable");
        if (CORE.contains(name) && machine) {
            violations.add(from.getName() + " imports " + target + " in the core");
        }
    }

    /** The first name behind the base package; empty for classes that stand in it. */
    private String packageOf(String className) {
        String[] names = className.substring(base.length() + 1).split("\\.");
        return names.length == 1 ? "" : names[0];
    }
}
