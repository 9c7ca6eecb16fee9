package io.pathkeeper.pathctl;

import io.pathkeeper.client.access.Access;
import io.pathkeeper.client.access.AccessPage;
import io.pathkeeper.client.access.Binding;
import io.pathkeeper.client.access.CredentialKind;
import io.pathkeeper.client.access.Decision;
import io.pathkeeper.client.access.Identity;
import io.pathkeeper.client.access.Namespace;
import io.pathkeeper.client.access.NewToken;
import io.pathkeeper.client.access.Role;
import io.pathkeeper.client.access.SignInToken;
import io.pathkeeper.client.access.TokenInfo;
import io.pathkeeper.client.access.User;
import io.pathkeeper.client.access.UserChange;
import io.pathkeeper.client.access.UserResult;
import io.pathkeeper.client.access.Verb;
import io.pathkeeper.client.error.AccessDeniedException;
import io.pathkeeper.client.error.ErrorDetails;
import io.pathkeeper.client.error.NodeNotFoundException;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Users, roles and what belongs to them in memory, in pages of two; it decides nothing. */
public final class FakeAccess implements Access {
    public final Map<String, User> users = new TreeMap<>();
    public final Map<String, String> passwords = new TreeMap<>();
    public final Map<String, Role> roles = new TreeMap<>();
    public final Map<String, Binding> bindings = new TreeMap<>();
    public final Map<String, TokenInfo> tokens = new TreeMap<>();
    public final Map<String, Namespace> namespaces = new TreeMap<>();
    public @Nullable Decision decision;
    public boolean deniesTokens;
    private int made;

    private static <T> CompletableFuture<T> done(T value) {
        return CompletableFuture.completedFuture(value);
    }

    private static <T> CompletableFuture<AccessPage<T>> page(Map<String, T> items, String token) {
        List<T> all = new ArrayList<>(items.values());
        int from = token.isEmpty() ? 0 : Integer.parseInt(token);
        int to = Math.min(all.size(), from + 2);
        return done(new AccessPage<>(all.subList(from, to), to == all.size() ? "" : Integer.toString(to)));
    }

    private static CompletableFuture<Void> delete(Map<String, ?> items, String name) {
        if (items.remove(name) == null) {
            return CompletableFuture.failedFuture(new NodeNotFoundException(
                    new ErrorDetails(
                            Reason.AUTH_RECORD_NOT_FOUND,
                            "there is nothing of the name " + name,
                            Map.of("name", name),
                            false,
                            Outcome.NOT_APPLIED),
                    null));
        }
        return done(null);
    }

    @Override
    public CompletableFuture<Identity> whoAmI() {
        return done(new Identity("alice", CredentialKind.PASSWORD, List.of("ops"), List.of("app"), Instant.EPOCH));
    }

    @Override
    public CompletableFuture<SignInToken> signIn(String user, String password) {
        if (!password.equals(passwords.get(user))) {
            return CompletableFuture.failedFuture(new AccessDeniedException(
                    new ErrorDetails(Reason.SIGN_IN_FAILED, "no such user", Map.of(), false, Outcome.NOT_APPLIED),
                    null));
        }
        return done(new SignInToken("pks1.secret", Instant.EPOCH, Duration.ofHours(12)));
    }

    @Override
    public CompletableFuture<Void> changePassword(String user, String oldPassword, String newPassword) {
        return signIn(user, oldPassword).thenAccept(token -> passwords.put(user, newPassword));
    }

    @Override
    public CompletableFuture<Decision> check(Verb verb, String path) {
        return check(verb, path, "alice", List.of());
    }

    @Override
    public CompletableFuture<Decision> check(Verb verb, String path, String principal, List<String> groups) {
        return done(decision);
    }

    @Override
    public CompletableFuture<UserResult> setUser(String name, UserChange change) {
        User old = users.get(name);
        User next = new User(
                name,
                change.groups() != null ? change.groups() : old == null ? List.of() : old.groups(),
                change.disabled() != null ? change.disabled() : old != null && old.disabled(),
                change.password() != null ? !change.password().isEmpty() : old != null && old.hasPassword());
        if (change.password() != null) {
            passwords.put(name, change.password());
        }
        users.put(name, next);
        return done(new UserResult(next, old == null));
    }

    @Override
    public CompletableFuture<Void> deleteUser(String name) {
        return delete(users, name);
    }

    @Override
    public CompletableFuture<AccessPage<User>> listUsers(int pageSize, String pageToken) {
        return page(users, pageToken);
    }

    @Override
    public CompletableFuture<Boolean> setRole(Role role) {
        return done(roles.put(role.name(), role) == null);
    }

    @Override
    public CompletableFuture<Void> deleteRole(String name) {
        return delete(roles, name);
    }

    @Override
    public CompletableFuture<AccessPage<Role>> listRoles(int pageSize, String pageToken) {
        return page(roles, pageToken);
    }

    @Override
    public CompletableFuture<Boolean> setBinding(Binding binding) {
        return done(bindings.put(binding.name(), binding) == null);
    }

    @Override
    public CompletableFuture<Void> deleteBinding(String name) {
        return delete(bindings, name);
    }

    @Override
    public CompletableFuture<AccessPage<Binding>> listBindings(int pageSize, String pageToken) {
        return page(bindings, pageToken);
    }

    @Override
    public CompletableFuture<NewToken> createToken(String principal, Duration life, String description) {
        if (deniesTokens) {
            return CompletableFuture.failedFuture(new AccessDeniedException(
                    new ErrorDetails(Reason.DENIED, "alice may not", Map.of(), false, Outcome.NOT_APPLIED), null));
        }
        TokenInfo info = new TokenInfo(
                "t" + ++made, principal, life.isZero() ? null : Instant.EPOCH.plus(life), Instant.EPOCH, description);
        tokens.put(info.id(), info);
        return done(new NewToken("pkt1." + info.id() + ".secret", info));
    }

    @Override
    public CompletableFuture<Void> deleteToken(String id) {
        return delete(tokens, id);
    }

    @Override
    public CompletableFuture<AccessPage<TokenInfo>> listTokens(int pageSize, String pageToken) {
        return page(tokens, pageToken);
    }

    @Override
    public CompletableFuture<Boolean> setNamespace(Namespace namespace) {
        return done(namespaces.put(namespace.name(), namespace) == null);
    }

    @Override
    public CompletableFuture<Void> deleteNamespace(String name) {
        return delete(namespaces, name);
    }

    @Override
    public CompletableFuture<AccessPage<Namespace>> listNamespaces(int pageSize, String pageToken) {
        return page(namespaces, pageToken);
    }
}
