package io.pathkeeper.client.internal;

import io.pathkeeper.client.access.AccessRule;
import io.pathkeeper.client.access.Binding;
import io.pathkeeper.client.access.CredentialKind;
import io.pathkeeper.client.access.Decision;
import io.pathkeeper.client.access.Identity;
import io.pathkeeper.client.access.Role;
import io.pathkeeper.client.access.SignInToken;
import io.pathkeeper.client.access.TokenInfo;
import io.pathkeeper.client.access.User;
import io.pathkeeper.client.access.UserChange;
import io.pathkeeper.client.access.Verb;
import io.pathkeeper.v1.AuthenticateResponse;
import io.pathkeeper.v1.CheckAccessResponse;
import io.pathkeeper.v1.GroupNames;
import io.pathkeeper.v1.SetUserRequest;
import io.pathkeeper.v1.Token;
import io.pathkeeper.v1.WhoAmIResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Users, roles and what belongs to them, in both forms. */
final class AccessProto {
    private AccessProto() {}

    static io.pathkeeper.v1.Verb verb(Verb verb) {
        return io.pathkeeper.v1.Verb.valueOf("VERB_" + verb.name());
    }

    static io.pathkeeper.v1.Role role(Role role) {
        io.pathkeeper.v1.Role.Builder out = io.pathkeeper.v1.Role.newBuilder().setName(role.name());
        role.rules()
                .forEach(rule -> out.addRules(io.pathkeeper.v1.AccessRule.newBuilder()
                        .setPath(rule.path())
                        .addAllVerbs(rule.verbs().stream()
                                .sorted()
                                .map(AccessProto::verb)
                                .toList())
                        .setDeny(rule.deny())));
        return out.build();
    }

    static Role role(io.pathkeeper.v1.Role role) {
        return new Role(
                role.getName(),
                role.getRulesList().stream().map(AccessProto::rule).toList());
    }

    private static AccessRule rule(io.pathkeeper.v1.AccessRule rule) {
        return new AccessRule(rule.getPath(), verbs(rule.getVerbsList()), rule.getDeny());
    }

    /** Leaves out verbs that this library does not know. */
    private static Set<Verb> verbs(Collection<io.pathkeeper.v1.Verb> verbs) {
        Set<Verb> known = EnumSet.noneOf(Verb.class);
        for (Verb verb : Verb.values()) {
            if (verbs.contains(verb(verb))) {
                known.add(verb);
            }
        }
        return known;
    }

    static io.pathkeeper.v1.Binding binding(Binding binding) {
        return io.pathkeeper.v1.Binding.newBuilder()
                .setName(binding.name())
                .setRole(binding.role())
                .addAllPrincipals(binding.principals())
                .addAllGroups(binding.groups())
                .build();
    }

    static Binding binding(io.pathkeeper.v1.Binding binding) {
        return new Binding(binding.getName(), binding.getRole(), binding.getPrincipalsList(), binding.getGroupsList());
    }

    static SetUserRequest user(String name, UserChange change) {
        SetUserRequest.Builder out = SetUserRequest.newBuilder().setName(name);
        String password = change.password();
        if (password != null) {
            out.setPassword(password);
        }
        List<String> groups = change.groups();
        if (groups != null) {
            out.setGroups(GroupNames.newBuilder().addAllNames(groups));
        }
        Boolean disabled = change.disabled();
        if (disabled != null) {
            out.setDisabled(disabled);
        }
        return out.build();
    }

    static User user(io.pathkeeper.v1.User user) {
        return new User(user.getName(), user.getGroupsList(), user.getDisabled(), user.getHasPassword());
    }

    static TokenInfo token(Token token) {
        return new TokenInfo(
                token.getId(),
                token.getPrincipal(),
                moment(token.getExpiresAtMs()),
                Instant.ofEpochMilli(token.getCreatedAtMs()),
                token.getDescription());
    }

    static SignInToken signedIn(AuthenticateResponse response) {
        return new SignInToken(
                response.getToken(),
                Instant.ofEpochMilli(response.getExpiresAtMs()),
                Duration.ofMillis(response.getRemainingMs()));
    }

    static Identity identity(WhoAmIResponse response) {
        return new Identity(
                response.getPrincipal(),
                kind(response.getKind()),
                response.getGroupsList(),
                response.getRolesList(),
                moment(response.getExpiresAtMs()));
    }

    private static CredentialKind kind(io.pathkeeper.v1.CredentialKind kind) {
        return switch (kind) {
            case CREDENTIAL_KIND_OPEN -> CredentialKind.OPEN;
            case CREDENTIAL_KIND_ROOT -> CredentialKind.ROOT;
            case CREDENTIAL_KIND_PASSWORD -> CredentialKind.PASSWORD;
            case CREDENTIAL_KIND_TOKEN -> CredentialKind.TOKEN;
            case CREDENTIAL_KIND_JWT -> CredentialKind.JWT;
            case CREDENTIAL_KIND_CERTIFICATE -> CredentialKind.CERTIFICATE;
            case CREDENTIAL_KIND_UNSPECIFIED, UNRECOGNIZED -> CredentialKind.UNKNOWN;
        };
    }

    static Decision decision(CheckAccessResponse response) {
        return new Decision(
                response.getAllowed(),
                response.getPrincipal(),
                response.getRole(),
                response.hasRule() ? rule(response.getRule()) : null,
                response.getRolesList(),
                response.getExplanation());
    }

    private static @Nullable Instant moment(long millis) {
        return millis == 0 ? null : Instant.ofEpochMilli(millis);
    }
}
