package io.pathkeeper.pathctl.auth;

import io.pathkeeper.client.access.AccessRule;
import io.pathkeeper.client.access.Binding;
import io.pathkeeper.client.access.Decision;
import io.pathkeeper.client.access.Identity;
import io.pathkeeper.client.access.Namespace;
import io.pathkeeper.client.access.Role;
import io.pathkeeper.client.access.TokenInfo;
import io.pathkeeper.client.access.User;
import io.pathkeeper.client.model.Value;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Users, roles and what belongs to them as JSON and as words. Field names are those of the API. */
final class AccessView {
    /** Every principal that has proved who it is belongs to it. */
    static final String EVERYONE = "everyone";

    private AccessView() {}

    static Value names(Collection<String> names) {
        return Value.of(names.stream().map(Value::of).toList());
    }

    private static Value moment(@Nullable Instant moment) {
        return moment == null ? Value.NULL : Value.of(moment.toString());
    }

    static String verbs(AccessRule rule) {
        return rule.verbs().stream()
                .sorted()
                .map(verb -> verb.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(","));
    }

    static String kind(Identity identity) {
        return identity.kind().name().toLowerCase(Locale.ROOT);
    }

    /** Returns the names of the roles that the bindings give to a principal. */
    static Collection<String> roles(List<Binding> bindings, String principal, Collection<String> groups) {
        Collection<String> roles = new TreeSet<>();
        for (Binding binding : bindings) {
            boolean bound = binding.principals().contains(principal)
                    || binding.groups().stream().anyMatch(group -> group.equals(EVERYONE) || groups.contains(group));
            if (bound) {
                roles.add(binding.role());
            }
        }
        return roles;
    }

    static Value value(User user, Collection<String> roles) {
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put("name", Value.of(user.name()));
        fields.put("groups", names(user.groups()));
        fields.put("roles", names(roles));
        fields.put("disabled", Value.of(user.disabled()));
        fields.put("has_password", Value.of(user.hasPassword()));
        return Value.of(fields);
    }

    static Value value(Role role) {
        return Value.map(
                "name",
                role.name(),
                "rules",
                Value.of(role.rules().stream().map(AccessView::value).toList()));
    }

    static Value value(AccessRule rule) {
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put("path", Value.of(rule.path()));
        fields.put("verbs", names(rule.verbs().stream().sorted().map(Enum::name).toList()));
        fields.put("deny", Value.of(rule.deny()));
        return Value.of(fields);
    }

    static Value value(Binding binding) {
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put("name", Value.of(binding.name()));
        fields.put("role", Value.of(binding.role()));
        fields.put("principals", names(binding.principals()));
        fields.put("groups", names(binding.groups()));
        return Value.of(fields);
    }

    static Map<String, Value> fields(TokenInfo token) {
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put("id", Value.of(token.id()));
        fields.put("principal", Value.of(token.principal()));
        fields.put("expires_at", moment(token.expiresAt()));
        fields.put("created_at", Value.of(token.createdAt().toString()));
        fields.put("description", Value.of(token.description()));
        return fields;
    }

    static Value value(Namespace namespace) {
        return Value.map("name", namespace.name(), "path", namespace.path());
    }

    static Value value(Identity identity) {
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put("principal", Value.of(identity.principal()));
        fields.put("kind", Value.of(kind(identity)));
        fields.put("groups", names(identity.groups()));
        fields.put("roles", names(identity.roles()));
        fields.put("expires_at", moment(identity.expiresAt()));
        return Value.of(fields);
    }

    static Value value(Decision decision) {
        Map<String, Value> fields = new LinkedHashMap<>();
        AccessRule rule = decision.rule();
        fields.put("allowed", Value.of(decision.allowed()));
        fields.put("principal", Value.of(decision.principal()));
        fields.put("role", Value.of(decision.role()));
        fields.put("rule", rule == null ? Value.NULL : value(rule));
        fields.put("roles", names(decision.roles()));
        fields.put("explanation", Value.of(decision.explanation()));
        return Value.of(fields);
    }
}
