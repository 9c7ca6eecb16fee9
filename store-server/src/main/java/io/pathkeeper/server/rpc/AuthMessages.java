package io.pathkeeper.server.rpc;

import io.pathkeeper.server.acl.Binding;
import io.pathkeeper.server.acl.Role;
import io.pathkeeper.server.acl.Rule;
import io.pathkeeper.server.acl.Verb;
import io.pathkeeper.server.auth.AuthPaths;
import io.pathkeeper.server.auth.Identity;
import io.pathkeeper.server.auth.StaticToken;
import io.pathkeeper.server.auth.User;
import io.pathkeeper.server.tree.InvalidPathException;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.v1.AccessRule;
import io.pathkeeper.v1.CredentialKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Reads and checks what AuthService is sent, and makes what it answers. Stateless. */
final class AuthMessages {
    private static final int MAX_RULES = 1_000;
    private static final int MAX_SUBJECTS = 1_000;
    private static final int MAX_GROUPS = 64;
    private static final int MIN_PASSWORD = 8;
    private static final int MAX_PASSWORD = 256;

    private AuthMessages() {}

    /** The name of a user, role and the like. */
    static String name(String field, String name) {
        if (!AuthPaths.isName(name)) {
            throw RejectedException.argument(
                    field,
                    "is no name: it has 1 to " + AuthPaths.MAX_NAME_BYTES
                            + " bytes that can name a znode, without '/'");
        }
        return name;
    }

    static String password(String field, String password) {
        if (password.length() < MIN_PASSWORD || password.length() > MAX_PASSWORD) {
            throw RejectedException.argument(
                    field, "has a wrong length: it has " + MIN_PASSWORD + " to " + MAX_PASSWORD + " characters");
        }
        return password;
    }

    static Set<String> groups(List<String> groups) {
        return names("groups", groups, MAX_GROUPS);
    }

    private static Set<String> names(String field, List<String> names, int most) {
        if (names.size() > most) {
            throw RejectedException.argument(field, "has " + names.size() + " entries: allowed are at most " + most);
        }
        names.forEach(name -> name(field, name));
        return new HashSet<>(names);
    }

    static Binding binding(io.pathkeeper.v1.Binding message) {
        return new Binding(
                name("binding.role", message.getRole()),
                names("binding.principals", message.getPrincipalsList(), MAX_SUBJECTS),
                names("binding.groups", message.getGroupsList(), MAX_SUBJECTS));
    }

    static io.pathkeeper.v1.Binding message(String name, Binding binding) {
        return io.pathkeeper.v1.Binding.newBuilder()
                .setName(name)
                .setRole(binding.role())
                .addAllPrincipals(new TreeSet<>(binding.principals()))
                .addAllGroups(new TreeSet<>(binding.groups()))
                .build();
    }

    static Role role(io.pathkeeper.v1.Role message) {
        String name = name("role.name", message.getName());
        if (name.equals(Role.ADMIN)) {
            throw RejectedException.argument("role.name", "is '" + name + "', the role that is always there");
        }
        if (message.getRulesCount() > MAX_RULES) {
            throw RejectedException.argument(
                    "role.rules", "has " + message.getRulesCount() + " entries: allowed are at most " + MAX_RULES);
        }
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < message.getRulesCount(); i++) {
            rules.add(rule("role.rules[" + i + "]", message.getRules(i)));
        }
        return new Role(name, rules);
    }

    private static Rule rule(String field, AccessRule message) {
        // a template is checked as if the principal's name were short
        try {
            ZnodePath.parse(message.getPath().replace(Rule.PRINCIPAL, "p"));
        } catch (InvalidPathException e) {
            throw RejectedException.argument(field + ".path", "is refused: " + e.getMessage());
        }
        for (String name : message.getPath().split("/", -1)) {
            if (name.contains(Rule.PRINCIPAL) && !name.equals(Rule.PRINCIPAL)) {
                throw RejectedException.argument(
                        field + ".path", "has " + Rule.PRINCIPAL + " inside a name: it stands for a whole one");
            }
        }
        Set<Verb> verbs = EnumSet.noneOf(Verb.class);
        message.getVerbsList().forEach(verb -> verbs.add(verb(field + ".verbs", verb)));
        if (verbs.isEmpty()) {
            throw RejectedException.argument(field + ".verbs", "is empty: name at least one");
        }
        return new Rule(message.getPath(), verbs, message.getDeny());
    }

    static io.pathkeeper.v1.Role message(Role role) {
        io.pathkeeper.v1.Role.Builder out = io.pathkeeper.v1.Role.newBuilder().setName(role.name());
        role.rules().forEach(rule -> out.addRules(message(rule)));
        return out.build();
    }

    static AccessRule message(Rule rule) {
        AccessRule.Builder out = AccessRule.newBuilder().setPath(rule.path()).setDeny(rule.deny());
        new TreeSet<>(rule.verbs()).forEach(verb -> out.addVerbs(message(verb)));
        return out.build();
    }

    static Verb verb(String field, io.pathkeeper.v1.Verb verb) {
        return switch (verb) {
            case VERB_READ -> Verb.READ;
            case VERB_OBSERVE -> Verb.OBSERVE;
            case VERB_CREATE -> Verb.CREATE;
            case VERB_WRITE -> Verb.WRITE;
            case VERB_DELETE -> Verb.DELETE;
            case VERB_ADMIN -> Verb.ADMIN;
            case VERB_UNSPECIFIED, UNRECOGNIZED ->
                throw RejectedException.argument(field, "is unset, or one that this server does not know");
        };
    }

    private static io.pathkeeper.v1.Verb message(Verb verb) {
        return io.pathkeeper.v1.Verb.valueOf("VERB_" + verb.name());
    }

    static io.pathkeeper.v1.User message(User user) {
        return io.pathkeeper.v1.User.newBuilder()
                .setName(user.name())
                .addAllGroups(sorted(user.groups()))
                .setDisabled(user.disabled())
                .setHasPassword(user.password() != null)
                .build();
    }

    static io.pathkeeper.v1.Token message(StaticToken token) {
        return io.pathkeeper.v1.Token.newBuilder()
                .setId(token.id())
                .setPrincipal(token.principal())
                .setExpiresAtMs(token.expiresMillis())
                .setCreatedAtMs(token.createdMillis())
                .setDescription(token.description())
                .build();
    }

    static Collection<String> sorted(Set<String> names) {
        return new TreeSet<>(names);
    }

    static CredentialKind kind(Identity.Kind kind) {
        return switch (kind) {
            case OPEN -> CredentialKind.CREDENTIAL_KIND_OPEN;
            case ROOT -> CredentialKind.CREDENTIAL_KIND_ROOT;
            case PASSWORD -> CredentialKind.CREDENTIAL_KIND_PASSWORD;
            case TOKEN -> CredentialKind.CREDENTIAL_KIND_TOKEN;
            case JWT -> CredentialKind.CREDENTIAL_KIND_JWT;
            case CERTIFICATE -> CredentialKind.CREDENTIAL_KIND_CERTIFICATE;
            case NONE -> CredentialKind.CREDENTIAL_KIND_UNSPECIFIED;
        };
    }
}
