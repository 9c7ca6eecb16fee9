package io.pathkeeper.client.internal;

import io.grpc.MethodDescriptor;
import io.pathkeeper.client.access.Access;
import io.pathkeeper.client.access.AccessPage;
import io.pathkeeper.client.access.Binding;
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
import io.pathkeeper.v1.AuthServiceGrpc;
import io.pathkeeper.v1.AuthenticateRequest;
import io.pathkeeper.v1.ChangePasswordRequest;
import io.pathkeeper.v1.CheckAccessRequest;
import io.pathkeeper.v1.CreateTokenRequest;
import io.pathkeeper.v1.DeleteBindingRequest;
import io.pathkeeper.v1.DeleteNamespaceRequest;
import io.pathkeeper.v1.DeleteRoleRequest;
import io.pathkeeper.v1.DeleteTokenRequest;
import io.pathkeeper.v1.DeleteUserRequest;
import io.pathkeeper.v1.ListBindingsRequest;
import io.pathkeeper.v1.ListNamespacesRequest;
import io.pathkeeper.v1.ListRolesRequest;
import io.pathkeeper.v1.ListTokensRequest;
import io.pathkeeper.v1.ListUsersRequest;
import io.pathkeeper.v1.SetBindingRequest;
import io.pathkeeper.v1.SetBindingResponse;
import io.pathkeeper.v1.SetNamespaceRequest;
import io.pathkeeper.v1.SetNamespaceResponse;
import io.pathkeeper.v1.SetRoleRequest;
import io.pathkeeper.v1.SetRoleResponse;
import io.pathkeeper.v1.WhoAmIRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Users, roles and what belongs to them. Has no state of its own; any thread. */
final class DefaultAccess implements Access {
    private final UnaryCalls unary;
    private final long timeoutNanos;

    DefaultAccess(UnaryCalls unary, Duration requestTimeout) {
        this.unary = unary;
        this.timeoutNanos = requestTimeout.toNanos();
    }

    private <Q, A, R> CompletableFuture<R> read(MethodDescriptor<Q, A> method, Q request, Function<A, R> decoder) {
        return unary.call(method, request, timeoutNanos, decoder);
    }

    private <Q, A, R> CompletableFuture<R> change(MethodDescriptor<Q, A> method, Q request, Function<A, R> decoder) {
        return unary.change(method, request, timeoutNanos, decoder);
    }

    /** A change whose answer says nothing. */
    private <Q, A> CompletableFuture<Void> change(MethodDescriptor<Q, A> method, Q request) {
        return change(method, request, Function.identity()).thenAccept(done -> {});
    }

    private static <M, T> AccessPage<T> page(List<M> messages, Function<M, T> decoder, String nextPageToken) {
        return new AccessPage<>(messages.stream().map(decoder).toList(), nextPageToken);
    }

    @Override
    public CompletableFuture<Identity> whoAmI() {
        return read(AuthServiceGrpc.getWhoAmIMethod(), WhoAmIRequest.getDefaultInstance(), AccessProto::identity);
    }

    @Override
    public CompletableFuture<SignInToken> signIn(String user, String password) {
        return read(
                AuthServiceGrpc.getAuthenticateMethod(),
                AuthenticateRequest.newBuilder()
                        .setUser(user)
                        .setPassword(password)
                        .build(),
                AccessProto::signedIn);
    }

    @Override
    public CompletableFuture<Void> changePassword(String user, String oldPassword, String newPassword) {
        return change(
                AuthServiceGrpc.getChangePasswordMethod(),
                ChangePasswordRequest.newBuilder()
                        .setUser(user)
                        .setOldPassword(oldPassword)
                        .setNewPassword(newPassword)
                        .build());
    }

    @Override
    public CompletableFuture<Decision> check(Verb verb, String path) {
        return check(verb, path, "", List.of());
    }

    @Override
    public CompletableFuture<Decision> check(Verb verb, String path, String principal, List<String> groups) {
        return read(
                AuthServiceGrpc.getCheckAccessMethod(),
                CheckAccessRequest.newBuilder()
                        .setVerb(AccessProto.verb(verb))
                        .setPath(path)
                        .setPrincipal(principal)
                        .addAllGroups(groups)
                        .build(),
                AccessProto::decision);
    }

    @Override
    public CompletableFuture<UserResult> setUser(String name, UserChange change) {
        return change(
                AuthServiceGrpc.getSetUserMethod(),
                AccessProto.user(name, change),
                done -> new UserResult(AccessProto.user(done.getUser()), done.getCreated()));
    }

    @Override
    public CompletableFuture<Void> deleteUser(String name) {
        return change(
                AuthServiceGrpc.getDeleteUserMethod(),
                DeleteUserRequest.newBuilder().setName(name).build());
    }

    @Override
    public CompletableFuture<AccessPage<User>> listUsers(int pageSize, String pageToken) {
        return read(
                AuthServiceGrpc.getListUsersMethod(),
                ListUsersRequest.newBuilder()
                        .setPageSize(pageSize)
                        .setPageToken(pageToken)
                        .build(),
                page -> page(page.getUsersList(), AccessProto::user, page.getNextPageToken()));
    }

    @Override
    public CompletableFuture<Boolean> setRole(Role role) {
        return change(
                AuthServiceGrpc.getSetRoleMethod(),
                SetRoleRequest.newBuilder().setRole(AccessProto.role(role)).build(),
                SetRoleResponse::getCreated);
    }

    @Override
    public CompletableFuture<Void> deleteRole(String name) {
        return change(
                AuthServiceGrpc.getDeleteRoleMethod(),
                DeleteRoleRequest.newBuilder().setName(name).build());
    }

    @Override
    public CompletableFuture<AccessPage<Role>> listRoles(int pageSize, String pageToken) {
        return read(
                AuthServiceGrpc.getListRolesMethod(),
                ListRolesRequest.newBuilder()
                        .setPageSize(pageSize)
                        .setPageToken(pageToken)
                        .build(),
                page -> page(page.getRolesList(), AccessProto::role, page.getNextPageToken()));
    }

    @Override
    public CompletableFuture<Boolean> setBinding(Binding binding) {
        return change(
                AuthServiceGrpc.getSetBindingMethod(),
                SetBindingRequest.newBuilder()
                        .setBinding(AccessProto.binding(binding))
                        .build(),
                SetBindingResponse::getCreated);
    }

    @Override
    public CompletableFuture<Void> deleteBinding(String name) {
        return change(
                AuthServiceGrpc.getDeleteBindingMethod(),
                DeleteBindingRequest.newBuilder().setName(name).build());
    }

    @Override
    public CompletableFuture<AccessPage<Binding>> listBindings(int pageSize, String pageToken) {
        return read(
                AuthServiceGrpc.getListBindingsMethod(),
                ListBindingsRequest.newBuilder()
                        .setPageSize(pageSize)
                        .setPageToken(pageToken)
                        .build(),
                page -> page(page.getBindingsList(), AccessProto::binding, page.getNextPageToken()));
    }

    @Override
    public CompletableFuture<NewToken> createToken(String principal, Duration life, String description) {
        return change(
                AuthServiceGrpc.getCreateTokenMethod(),
                CreateTokenRequest.newBuilder()
                        .setPrincipal(principal)
                        .setLifeMs(life.toMillis())
                        .setDescription(description)
                        .build(),
                made -> new NewToken(made.getToken(), AccessProto.token(made.getInfo())));
    }

    @Override
    public CompletableFuture<Void> deleteToken(String id) {
        return change(
                AuthServiceGrpc.getDeleteTokenMethod(),
                DeleteTokenRequest.newBuilder().setId(id).build());
    }

    @Override
    public CompletableFuture<AccessPage<TokenInfo>> listTokens(int pageSize, String pageToken) {
        return read(
                AuthServiceGrpc.getListTokensMethod(),
                ListTokensRequest.newBuilder()
                        .setPageSize(pageSize)
                        .setPageToken(pageToken)
                        .build(),
                page -> page(page.getTokensList(), AccessProto::token, page.getNextPageToken()));
    }

    @Override
    public CompletableFuture<Boolean> setNamespace(Namespace namespace) {
        return change(
                AuthServiceGrpc.getSetNamespaceMethod(),
                SetNamespaceRequest.newBuilder()
                        .setNamespace(io.pathkeeper.v1.Namespace.newBuilder()
                                .setName(namespace.name())
                                .setPath(namespace.path()))
                        .build(),
                SetNamespaceResponse::getCreated);
    }

    @Override
    public CompletableFuture<Void> deleteNamespace(String name) {
        return change(
                AuthServiceGrpc.getDeleteNamespaceMethod(),
                DeleteNamespaceRequest.newBuilder().setName(name).build());
    }

    @Override
    public CompletableFuture<AccessPage<Namespace>> listNamespaces(int pageSize, String pageToken) {
        return read(
                AuthServiceGrpc.getListNamespacesMethod(),
                ListNamespacesRequest.newBuilder()
                        .setPageSize(pageSize)
                        .setPageToken(pageToken)
                        .build(),
                page -> page(
                        page.getNamespacesList(),
                        namespace -> new Namespace(namespace.getName(), namespace.getPath()),
                        page.getNextPageToken()));
    }
}
