package io.pathkeeper.server.auth;

import io.pathkeeper.server.acl.Binding;
import io.pathkeeper.server.acl.Grants;
import io.pathkeeper.server.acl.Policy;
import io.pathkeeper.server.acl.Role;
import io.pathkeeper.server.acl.Verb;
import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.InvalidValueException;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything below {@link AuthPaths#TOP} at one revision, compiled. Immutable.
 *
 * <p>When a record cannot be read, nobody has any right: a rule that denies could be the one that is missing. The break-glass token
 * still opens.
 */
public final class AuthState {
    private final @Nullable Znode top;
    private final NavigableMap<String, User> users = new TreeMap<>();
    private final NavigableMap<String, Role> roles = new TreeMap<>();
    private final NavigableMap<String, Binding> bindings = new TreeMap<>();
    private final NavigableMap<String, StaticToken> tokens = new TreeMap<>();
    private final NavigableMap<String, ZnodePath> namespaces = new TreeMap<>();
    private byte @Nullable [] signingKey;
    private @Nullable String damage;
    private Policy policy;

    private AuthState(@Nullable Znode top) {
        this.top = top;
        policy = new Policy(Set.of(), Set.of());
    }

    /** Reads a view. */
    public static AuthState read(TreeView view) {
        AuthState state = new AuthState(view.find(AuthPaths.TOP));
        Iterator<TreeView.Entry> entries = view.scan(AuthPaths.TOP);
        while (entries.hasNext()) {
            TreeView.Entry entry = entries.next();
            try {
                state.take(entry.path(), entry.znode());
            } catch (RecordFields.DamagedRecordException | InvalidValueException | ArithmeticException e) {
                state.damage = entry.path() + ": " + e.getMessage();
            }
        }
        state.compile();
        return state;
    }

    private void take(ZnodePath path, Znode znode) {
        ZnodePath parent = path.parent();
        String name = new String(znode.name(), java.nio.charset.StandardCharsets.UTF_8);
        if (path.equals(AuthPaths.TOP)) {
            AuthRecords.checkTop(znode.value());
        } else if (parent.equals(AuthPaths.USERS)) {
            users.put(name, AuthRecords.user(name, znode.value()));
        } else if (parent.equals(AuthPaths.ROLES)) {
            roles.put(name, AuthRecords.role(name, znode.value()));
        } else if (parent.equals(AuthPaths.BINDINGS)) {
            bindings.put(name, AuthRecords.binding(znode.value()));
        } else if (parent.equals(AuthPaths.TOKENS)) {
            tokens.put(name, AuthRecords.token(name, znode.value()));
        } else if (parent.equals(AuthPaths.NAMESPACES)) {
            namespaces.put(name, ZnodePath.parse(AuthRecords.namespace(znode.value())));
        } else if (path.equals(AuthPaths.SIGNING_KEY)) {
            signingKey = AuthRecords.key(znode.value());
        }
    }

    private void compile() {
        policy = damage == null ? new Policy(roles.values(), bindings.values()) : new Policy(Set.of(), Set.of());
    }

    /** The same state with a role or binding, or a user, replaced or, with null, deleted: to see what a change would lead to. */
    public AuthState with(ZnodePath path, byte @Nullable [] value) {
        AuthState changed = new AuthState(top);
        changed.users.putAll(users);
        changed.roles.putAll(roles);
        changed.bindings.putAll(bindings);
        changed.tokens.putAll(tokens);
        changed.namespaces.putAll(namespaces);
        changed.signingKey = signingKey;
        changed.damage = damage;
        String name = new String(path.name(), java.nio.charset.StandardCharsets.UTF_8);
        if (path.parent().equals(AuthPaths.USERS)) {
            put(changed.users, name, value == null ? null : AuthRecords.user(name, value));
        } else if (path.parent().equals(AuthPaths.ROLES)) {
            put(changed.roles, name, value == null ? null : AuthRecords.role(name, value));
        } else if (path.parent().equals(AuthPaths.BINDINGS)) {
            put(changed.bindings, name, value == null ? null : AuthRecords.binding(value));
        } else if (path.parent().equals(AuthPaths.TOKENS)) {
            put(changed.tokens, name, value == null ? null : AuthRecords.token(name, value));
        }
        changed.compile();
        return changed;
    }

    private static <T> void put(NavigableMap<String, T> map, String name, @Nullable T value) {
        if (value == null) {
            map.remove(name);
        } else {
            map.put(name, value);
        }
    }

    /** Whether this was read from a view that has the same records. */
    boolean isOf(TreeView view) {
        return view.find(AuthPaths.TOP) == top;
    }

    /** Version of {@link AuthPaths#TOP}; 0 while there is none. */
    public long version() {
        return top == null ? 0 : top.version();
    }

    /** What is wrong with a record; null when all can be read. */
    public @Nullable String damage() {
        return damage;
    }

    /** What a principal may do. */
    public Grants grants(String principal, Set<String> moreGroups) {
        return policy.grants(principal, groups(principal, moreGroups));
    }

    /** The groups of a principal: its user's, and those that its credential names. */
    public Set<String> groups(String principal, Set<String> moreGroups) {
        User user = users.get(principal);
        if (user == null || user.groups().isEmpty()) {
            return moreGroups;
        }
        Set<String> all = new HashSet<>(moreGroups);
        all.addAll(user.groups());
        return all;
    }

    /**
     * Whether somebody who is not disabled may administer users and roles: a user, or a principal that a binding names. Members of groups
     * that only certificates and JWTs name are not known here and do not count.
     */
    public boolean hasAdministrator() {
        byte[] path = AuthPaths.TOP.utf8();
        for (String name : policy.boundPrincipals()) {
            User user = users.get(name);
            boolean enabled = user == null || !user.disabled();
            if (enabled && grants(name, Set.of()).allows(Verb.ADMIN, path)) {
                return true;
            }
        }
        for (User user : users.values()) {
            if (!user.disabled() && grants(user.name(), Set.of()).allows(Verb.ADMIN, path)) {
                return true;
            }
        }
        return false;
    }

    /** All users by name. */
    public NavigableMap<String, User> users() {
        return Collections.unmodifiableNavigableMap(users);
    }

    /** All roles by name, without the one that is always there. */
    public NavigableMap<String, Role> roles() {
        return Collections.unmodifiableNavigableMap(roles);
    }

    /** All bindings by name. */
    public NavigableMap<String, Binding> bindings() {
        return Collections.unmodifiableNavigableMap(bindings);
    }

    /** All static tokens by id. */
    public NavigableMap<String, StaticToken> tokens() {
        return Collections.unmodifiableNavigableMap(tokens);
    }

    /** Names of namespaces, and their root paths. */
    public NavigableMap<String, ZnodePath> namespaces() {
        return Collections.unmodifiableNavigableMap(namespaces);
    }

    /** The key that sign-in tokens are signed with; null before the first one. */
    byte @Nullable [] signingKey() {
        return signingKey;
    }

    /** Whether there is a key for sign-in tokens. */
    public boolean hasSigningKey() {
        return signingKey != null;
    }
}
