package io.pathkeeper.server.rpc;

import com.google.protobuf.Message;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.server.acl.Binding;
import io.pathkeeper.server.acl.Role;
import io.pathkeeper.server.acl.Verb;
import io.pathkeeper.server.auth.AuthPaths;
import io.pathkeeper.server.auth.AuthRecords;
import io.pathkeeper.server.auth.AuthState;
import io.pathkeeper.server.auth.Gatekeeper;
import io.pathkeeper.server.auth.Identity;
import io.pathkeeper.server.auth.PasswordHash;
import io.pathkeeper.server.auth.StaticToken;
import io.pathkeeper.server.auth.Tokens;
import io.pathkeeper.server.auth.User;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.ReadRequest;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.v1.AuthServiceGrpc;
import io.pathkeeper.v1.AuthenticateRequest;
import io.pathkeeper.v1.AuthenticateResponse;
import io.pathkeeper.v1.ChangePasswordRequest;
import io.pathkeeper.v1.ChangePasswordResponse;
import io.pathkeeper.v1.CheckAccessRequest;
import io.pathkeeper.v1.CheckAccessResponse;
import io.pathkeeper.v1.CreateTokenRequest;
import io.pathkeeper.v1.CreateTokenResponse;
import io.pathkeeper.v1.DeleteBindingRequest;
import io.pathkeeper.v1.DeleteBindingResponse;
import io.pathkeeper.v1.DeleteNamespaceRequest;
import io.pathkeeper.v1.DeleteNamespaceResponse;
import io.pathkeeper.v1.DeleteRoleRequest;
import io.pathkeeper.v1.DeleteRoleResponse;
import io.pathkeeper.v1.DeleteTokenRequest;
import io.pathkeeper.v1.DeleteTokenResponse;
import io.pathkeeper.v1.DeleteUserRequest;
import io.pathkeeper.v1.DeleteUserResponse;
import io.pathkeeper.v1.ListBindingsRequest;
import io.pathkeeper.v1.ListBindingsResponse;
import io.pathkeeper.v1.ListNamespacesRequest;
import io.pathkeeper.v1.ListNamespacesResponse;
import io.pathkeeper.v1.ListRolesRequest;
import io.pathkeeper.v1.ListRolesResponse;
import io.pathkeeper.v1.ListTokensRequest;
import io.pathkeeper.v1.ListTokensResponse;
import io.pathkeeper.v1.ListUsersRequest;
import io.pathkeeper.v1.ListUsersResponse;
import io.pathkeeper.v1.Namespace;
import io.pathkeeper.v1.ResponseHeader;
import io.pathkeeper.v1.SetBindingRequest;
import io.pathkeeper.v1.SetBindingResponse;
import io.pathkeeper.v1.SetNamespaceRequest;
import io.pathkeeper.v1.SetNamespaceResponse;
import io.pathkeeper.v1.SetRoleRequest;
import io.pathkeeper.v1.SetRoleResponse;
import io.pathkeeper.v1.SetUserRequest;
import io.pathkeeper.v1.SetUserResponse;
import io.pathkeeper.v1.WhoAmIRequest;
import io.pathkeeper.v1.WhoAmIResponse;
import java.util.NavigableMap;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** AuthService on the wire. Calls are read on the transport's threads, which never wait here; passwords have threads of their own. */
final class AuthEndpoint extends AuthServiceGrpc.AuthServiceImplBase {
    private static final int MOST_RECORDS = 10_000;
    private static final int MOST_ROLES = 1_000;
    private static final int MOST_RULES = 20_000;
    private static final int MAX_DESCRIPTION_BYTES = 256;
    private static final long MAX_LIFE_MILLIS = 10L * 365 * 24 * 3_600 * 1_000;

    private final CoordinationContext context;
    private final Gatekeeper keeper;
    private final SignIns signIns;

    AuthEndpoint(CoordinationContext context, Gatekeeper keeper, SignIns signIns) {
        this.context = context;
        this.keeper = keeper;
        this.signIns = signIns;
    }

    // ---- oneself

    @Override
    public void authenticate(AuthenticateRequest r, StreamObserver<AuthenticateResponse> observer) {
        UnaryCall<AuthenticateResponse> call = context.call(observer);
        call.read(() -> signIns.authenticate(call, r, context.header()));
    }

    @Override
    public void changePassword(ChangePasswordRequest r, StreamObserver<ChangePasswordResponse> observer) {
        UnaryCall<ChangePasswordResponse> call = context.call(observer);
        call.read(() -> {
            AuthMessages.password("new_password", r.getNewPassword());
            signIns.check(call, r.getUser(), r.getOldPassword(), user -> {
                PasswordHash hash = hash(r.getNewPassword());
                change(
                        call,
                        AuthPaths.USERS.child(user.name()),
                        state -> {
                            User now = present(state.users(), user.name());
                            if (now.credential() != user.credential()) {
                                throw new RejectedException(Rejection.of(
                                        RejectReason.SIGN_IN_FAILED, "the password was changed meanwhile: try again"));
                            }
                            return AuthRecords.encode(
                                    new User(now.name(), hash, now.groups(), now.disabled(), credential()));
                        },
                        revision -> ChangePasswordResponse.newBuilder()
                                .setHeader(header(revision))
                                .build());
            });
        });
    }

    private PasswordHash hash(String password) {
        return PasswordHash.of(password, PasswordHash.ITERATIONS, keeper.random());
    }

    private long credential() {
        return keeper.random().nextLong(1, Long.MAX_VALUE);
    }

    @Override
    public void whoAmI(WhoAmIRequest r, StreamObserver<WhoAmIResponse> observer) {
        Identity identity = Access.current().identity();
        boolean free = identity.isUnrestricted();
        AuthState state = keeper.state();
        observer.onNext(WhoAmIResponse.newBuilder()
                .setHeader(context.header())
                .setPrincipal(identity.principal())
                .setKind(AuthMessages.kind(identity.kind()))
                .addAllGroups(
                        free ? Set.of() : AuthMessages.sorted(state.groups(identity.principal(), identity.groups())))
                .addAllRoles(free ? Set.of(Role.ADMIN) : keeper.grants(identity).roleNames())
                .setExpiresAtMs(identity.expiresMillis())
                .build());
        observer.onCompleted();
    }

    @Override
    public void checkAccess(CheckAccessRequest r, StreamObserver<CheckAccessResponse> observer) {
        UnaryCall<CheckAccessResponse> call = context.call(observer);
        Access access = Access.current();
        call.read(() -> {
            ZnodePath path = FieldReader.path(r.getPath());
            Verb verb = AuthMessages.verb("verb", r.getVerb());
            Set<String> groups = AuthMessages.groups(r.getGroupsList());
            if (r.getPrincipal().isEmpty() && !groups.isEmpty()) {
                throw RejectedException.argument("groups", "needs principal");
            }
            context.read(
                    call,
                    ReadRequest.LINEARIZABLE,
                    view -> r.getPrincipal().isEmpty()
                            ? AccessExplanation.of(access, verb, path, context.header())
                            : AccessExplanation.of(
                                    AuthMessages.name("principal", r.getPrincipal()),
                                    keeper.state().grants(r.getPrincipal(), groups),
                                    verb,
                                    path,
                                    context.header()));
        });
    }

    // ---- users

    @Override
    public void setUser(SetUserRequest r, StreamObserver<SetUserResponse> observer) {
        UnaryCall<SetUserResponse> call = context.call(observer);
        call.read(() -> {
            String name = AuthMessages.name("name", r.getName());
            Set<String> groups = AuthMessages.groups(r.getGroups().getNamesList());
            if (r.hasPassword() && !r.getPassword().isEmpty()) {
                AuthMessages.password("password", r.getPassword());
                signIns.later(call, () -> setUser(call, r, name, groups, hash(r.getPassword())));
            } else {
                setUser(call, r, name, groups, null);
            }
        });
    }

    private void setUser(
            UnaryCall<SetUserResponse> call,
            SetUserRequest r,
            String name,
            Set<String> groups,
            @Nullable PasswordHash password) {
        SetUserResponse.Builder out = SetUserResponse.newBuilder();
        change(
                call,
                AuthPaths.USERS.child(name),
                state -> {
                    User old = state.users().get(name);
                    room(state.users(), name, MOST_RECORDS, "users");
                    User kept = r.hasPassword() ? null : old;
                    User user = new User(
                            name,
                            kept != null ? kept.password() : password,
                            r.hasGroups() || old == null ? groups : old.groups(),
                            r.hasDisabled() ? r.getDisabled() : old != null && old.disabled(),
                            kept != null ? kept.credential() : credential());
                    out.setCreated(old == null).setUser(AuthMessages.message(user));
                    return AuthRecords.encode(user);
                },
                revision -> out.setHeader(header(revision)).build());
    }

    @Override
    public void deleteUser(DeleteUserRequest r, StreamObserver<DeleteUserResponse> observer) {
        delete(
                observer,
                AuthPaths.USERS,
                r.getName(),
                AuthState::users,
                revision -> DeleteUserResponse.newBuilder()
                        .setHeader(header(revision))
                        .build());
    }

    @Override
    public void listUsers(ListUsersRequest r, StreamObserver<ListUsersResponse> observer) {
        list(observer, AuthState::users, r.getPageSize(), r.getPageToken(), (page, header) -> {
            ListUsersResponse.Builder out = ListUsersResponse.newBuilder().setHeader(header);
            page.each((name, user) -> out.addUsers(AuthMessages.message(user)));
            return out.setNextPageToken(page.next()).build();
        });
    }

    // ---- roles

    @Override
    public void setRole(SetRoleRequest r, StreamObserver<SetRoleResponse> observer) {
        UnaryCall<SetRoleResponse> call = context.call(observer);
        call.read(() -> {
            Role role = AuthMessages.role(r.getRole());
            SetRoleResponse.Builder out = SetRoleResponse.newBuilder();
            change(
                    call,
                    AuthPaths.ROLES.child(role.name()),
                    state -> {
                        room(state.roles(), role.name(), MOST_ROLES, "roles");
                        rules(state, role);
                        out.setCreated(!state.roles().containsKey(role.name()));
                        return AuthRecords.encode(role);
                    },
                    revision -> out.setHeader(header(revision)).build());
        });
    }

    private static void rules(AuthState state, Role role) {
        int others = state.roles().values().stream()
                .filter(other -> !other.name().equals(role.name()))
                .mapToInt(other -> other.rules().size())
                .sum();
        if (others + role.rules().size() > MOST_RULES) {
            throw full("rules of all roles", others + role.rules().size(), MOST_RULES);
        }
    }

    @Override
    public void deleteRole(DeleteRoleRequest r, StreamObserver<DeleteRoleResponse> observer) {
        delete(
                observer,
                AuthPaths.ROLES,
                r.getName(),
                AuthState::roles,
                revision -> DeleteRoleResponse.newBuilder()
                        .setHeader(header(revision))
                        .build());
    }

    @Override
    public void listRoles(ListRolesRequest r, StreamObserver<ListRolesResponse> observer) {
        list(observer, AuthState::roles, r.getPageSize(), r.getPageToken(), (page, header) -> {
            ListRolesResponse.Builder out = ListRolesResponse.newBuilder().setHeader(header);
            page.each((name, role) -> out.addRoles(AuthMessages.message(role)));
            return out.setNextPageToken(page.next()).build();
        });
    }

    // ---- bindings

    @Override
    public void setBinding(SetBindingRequest r, StreamObserver<SetBindingResponse> observer) {
        UnaryCall<SetBindingResponse> call = context.call(observer);
        call.read(() -> {
            String name = AuthMessages.name("binding.name", r.getBinding().getName());
            Binding binding = AuthMessages.binding(r.getBinding());
            SetBindingResponse.Builder out = SetBindingResponse.newBuilder();
            change(
                    call,
                    AuthPaths.BINDINGS.child(name),
                    state -> {
                        room(state.bindings(), name, MOST_RECORDS, "bindings");
                        if (!binding.role().equals(Role.ADMIN)) {
                            present(state.roles(), binding.role());
                        }
                        out.setCreated(!state.bindings().containsKey(name));
                        return AuthRecords.encode(binding);
                    },
                    revision -> out.setHeader(header(revision)).build());
        });
    }

    @Override
    public void deleteBinding(DeleteBindingRequest r, StreamObserver<DeleteBindingResponse> observer) {
        delete(
                observer,
                AuthPaths.BINDINGS,
                r.getName(),
                AuthState::bindings,
                revision -> DeleteBindingResponse.newBuilder()
                        .setHeader(header(revision))
                        .build());
    }

    @Override
    public void listBindings(ListBindingsRequest r, StreamObserver<ListBindingsResponse> observer) {
        list(observer, AuthState::bindings, r.getPageSize(), r.getPageToken(), (page, header) -> {
            ListBindingsResponse.Builder out = ListBindingsResponse.newBuilder().setHeader(header);
            page.each((name, binding) -> out.addBindings(AuthMessages.message(name, binding)));
            return out.setNextPageToken(page.next()).build();
        });
    }

    // ---- tokens

    @Override
    public void createToken(CreateTokenRequest r, StreamObserver<CreateTokenResponse> observer) {
        UnaryCall<CreateTokenResponse> call = context.call(observer);
        call.read(() -> {
            String secret = Tokens.newSecret(keeper.random());
            long now = System.currentTimeMillis();
            long life = FieldReader.within("life_ms", r.getLifeMs(), 0, MAX_LIFE_MILLIS);
            StaticToken token = new StaticToken(
                    Tokens.newId(keeper.random()),
                    AuthMessages.name("principal", r.getPrincipal()),
                    Tokens.digest(secret),
                    life == 0 ? 0 : now + life,
                    now,
                    FieldReader.text("description", r.getDescription(), MAX_DESCRIPTION_BYTES));
            change(
                    call,
                    AuthPaths.TOKENS.child(token.id()),
                    state -> {
                        room(state.tokens(), token.id(), MOST_RECORDS, "tokens");
                        return AuthRecords.encode(token);
                    },
                    revision -> CreateTokenResponse.newBuilder()
                            .setHeader(header(revision))
                            .setToken(Tokens.ofStatic(token.id(), secret))
                            .setInfo(AuthMessages.message(token))
                            .build());
        });
    }

    @Override
    public void deleteToken(DeleteTokenRequest r, StreamObserver<DeleteTokenResponse> observer) {
        delete(
                observer,
                AuthPaths.TOKENS,
                r.getId(),
                AuthState::tokens,
                revision -> DeleteTokenResponse.newBuilder()
                        .setHeader(header(revision))
                        .build());
    }

    @Override
    public void listTokens(ListTokensRequest r, StreamObserver<ListTokensResponse> observer) {
        list(observer, AuthState::tokens, r.getPageSize(), r.getPageToken(), (page, header) -> {
            ListTokensResponse.Builder out = ListTokensResponse.newBuilder().setHeader(header);
            page.each((id, token) -> out.addTokens(AuthMessages.message(token)));
            return out.setNextPageToken(page.next()).build();
        });
    }

    // ---- namespaces

    @Override
    public void setNamespace(SetNamespaceRequest r, StreamObserver<SetNamespaceResponse> observer) {
        UnaryCall<SetNamespaceResponse> call = context.call(observer);
        call.read(() -> {
            String name = AuthMessages.name("namespace.name", r.getNamespace().getName());
            ZnodePath root = FieldReader.path(r.getNamespace().getPath());
            if (root.isReserved()) {
                throw RejectedException.argument("namespace.path", "is " + root + ", which is the server's own");
            }
            SetNamespaceResponse.Builder out = SetNamespaceResponse.newBuilder();
            change(
                    call,
                    AuthPaths.NAMESPACES.child(name),
                    state -> {
                        room(state.namespaces(), name, MOST_ROLES, "namespaces");
                        out.setCreated(!state.namespaces().containsKey(name));
                        return AuthRecords.encodeNamespace(root.toString());
                    },
                    revision -> out.setHeader(header(revision)).build());
        });
    }

    @Override
    public void deleteNamespace(DeleteNamespaceRequest r, StreamObserver<DeleteNamespaceResponse> observer) {
        delete(
                observer,
                AuthPaths.NAMESPACES,
                r.getName(),
                AuthState::namespaces,
                revision -> DeleteNamespaceResponse.newBuilder()
                        .setHeader(header(revision))
                        .build());
    }

    @Override
    public void listNamespaces(ListNamespacesRequest r, StreamObserver<ListNamespacesResponse> observer) {
        list(observer, AuthState::namespaces, r.getPageSize(), r.getPageToken(), (page, header) -> {
            ListNamespacesResponse.Builder out =
                    ListNamespacesResponse.newBuilder().setHeader(header);
            page.each((name, root) ->
                    out.addNamespaces(Namespace.newBuilder().setName(name).setPath(root.toString())));
            return out.setNextPageToken(page.next()).build();
        });
    }

    // ---- what all have in common

    private <R extends Message> void change(
            UnaryCall<R> call,
            ZnodePath path,
            Function<AuthState, byte @Nullable []> decision,
            Function<Long, R> answer) {
        new AuthChange<>(context, keeper, call, path, decision, answer).run();
    }

    private <R extends Message> void delete(
            StreamObserver<R> observer,
            ZnodePath folder,
            String name,
            Function<AuthState, NavigableMap<String, ?>> records,
            Function<Long, R> answer) {
        UnaryCall<R> call = context.call(observer);
        call.read(() -> {
            AuthMessages.name("name", name);
            change(
                    call,
                    folder.child(name),
                    state -> {
                        present(records.apply(state), name);
                        return null;
                    },
                    answer);
        });
    }

    private static <T> T present(NavigableMap<String, T> records, String name) {
        T record = records.get(name);
        if (record == null) {
            throw new RejectedException(Rejection.of(
                    RejectReason.AUTH_RECORD_NOT_FOUND, "there is nothing of the name " + name, "name", name));
        }
        return record;
    }

    private static void room(NavigableMap<String, ?> records, String name, int most, String what) {
        if (records.size() >= most && !records.containsKey(name)) {
            throw full(what, records.size() + 1, most);
        }
    }

    private static RejectedException full(String what, int actual, int limit) {
        return new RejectedException(Rejection.of(
                RejectReason.QUOTA_EXCEEDED,
                what + ": " + actual + "; the limit is " + limit + ": delete some first",
                "limit",
                Integer.toString(limit),
                "actual",
                Integer.toString(actual)));
    }

    /** A page of records; {@code next} is empty behind the last one. */
    private record Page<T>(NavigableMap<String, T> records, int size) {
        void each(BiConsumer<String, T> visitor) {
            records.entrySet().stream().limit(size).forEach(e -> visitor.accept(e.getKey(), e.getValue()));
        }

        String next() {
            return records.size() <= size
                    ? ""
                    : records.keySet().stream().skip(size - 1L).findFirst().orElse("");
        }
    }

    private interface PageAnswer<T, R> {
        R of(Page<T> page, ResponseHeader header);
    }

    private <T, R extends Message> void list(
            StreamObserver<R> observer,
            Function<AuthState, NavigableMap<String, T>> records,
            int pageSize,
            String pageToken,
            PageAnswer<T, R> answer) {
        UnaryCall<R> call = context.call(observer);
        call.read(() -> {
            int size = FieldReader.pageSize(pageSize);
            context.read(call, ReadRequest.LINEARIZABLE, view -> {
                NavigableMap<String, T> all = records.apply(keeper.state());
                return answer.of(
                        new Page<>(pageToken.isEmpty() ? all : all.tailMap(pageToken, false), size), context.header());
            });
        });
    }

    private ResponseHeader header(long revision) {
        return context.calls().headers().header(revision);
    }
}
