package io.pathkeeper.server.rpc;

import io.grpc.stub.StreamObserver;
import io.pathkeeper.server.auth.Gatekeeper;
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

/**
 * AuthService on the wire. Calls are read on the transport's threads, which never wait here; passwords have a thread of their own. Each kind
 * of record has a class of its own behind it.
 */
final class AuthEndpoint extends AuthServiceGrpc.AuthServiceImplBase {
    private final OwnCalls own;
    private final UserCalls users;
    private final RoleCalls roles;
    private final TokenCalls tokens;
    private final NamespaceCalls namespaces;

    AuthEndpoint(CoordinationContext context, Gatekeeper keeper, SignIns signIns) {
        own = new OwnCalls(context, keeper, signIns);
        users = new UserCalls(context, keeper, signIns);
        roles = new RoleCalls(context, keeper);
        tokens = new TokenCalls(context, keeper);
        namespaces = new NamespaceCalls(context, keeper);
    }

    @Override
    public void authenticate(AuthenticateRequest r, StreamObserver<AuthenticateResponse> observer) {
        own.authenticate(r, observer);
    }

    @Override
    public void changePassword(ChangePasswordRequest r, StreamObserver<ChangePasswordResponse> observer) {
        own.changePassword(r, observer);
    }

    @Override
    public void whoAmI(WhoAmIRequest r, StreamObserver<WhoAmIResponse> observer) {
        own.whoAmI(r, observer);
    }

    @Override
    public void checkAccess(CheckAccessRequest r, StreamObserver<CheckAccessResponse> observer) {
        own.checkAccess(r, observer);
    }

    @Override
    public void setUser(SetUserRequest r, StreamObserver<SetUserResponse> observer) {
        users.setUser(r, observer);
    }

    @Override
    public void deleteUser(DeleteUserRequest r, StreamObserver<DeleteUserResponse> observer) {
        users.deleteUser(r, observer);
    }

    @Override
    public void listUsers(ListUsersRequest r, StreamObserver<ListUsersResponse> observer) {
        users.listUsers(r, observer);
    }

    @Override
    public void setRole(SetRoleRequest r, StreamObserver<SetRoleResponse> observer) {
        roles.setRole(r, observer);
    }

    @Override
    public void deleteRole(DeleteRoleRequest r, StreamObserver<DeleteRoleResponse> observer) {
        roles.deleteRole(r, observer);
    }

    @Override
    public void listRoles(ListRolesRequest r, StreamObserver<ListRolesResponse> observer) {
        roles.listRoles(r, observer);
    }

    @Override
    public void setBinding(SetBindingRequest r, StreamObserver<SetBindingResponse> observer) {
        roles.setBinding(r, observer);
    }

    @Override
    public void deleteBinding(DeleteBindingRequest r, StreamObserver<DeleteBindingResponse> observer) {
        roles.deleteBinding(r, observer);
    }

    @Override
    public void listBindings(ListBindingsRequest r, StreamObserver<ListBindingsResponse> observer) {
        roles.listBindings(r, observer);
    }

    @Override
    public void createToken(CreateTokenRequest r, StreamObserver<CreateTokenResponse> observer) {
        tokens.createToken(r, observer);
    }

    @Override
    public void deleteToken(DeleteTokenRequest r, StreamObserver<DeleteTokenResponse> observer) {
        tokens.deleteToken(r, observer);
    }

    @Override
    public void listTokens(ListTokensRequest r, StreamObserver<ListTokensResponse> observer) {
        tokens.listTokens(r, observer);
    }

    @Override
    public void setNamespace(SetNamespaceRequest r, StreamObserver<SetNamespaceResponse> observer) {
        namespaces.setNamespace(r, observer);
    }

    @Override
    public void deleteNamespace(DeleteNamespaceRequest r, StreamObserver<DeleteNamespaceResponse> observer) {
        namespaces.deleteNamespace(r, observer);
    }

    @Override
    public void listNamespaces(ListNamespacesRequest r, StreamObserver<ListNamespacesResponse> observer) {
        namespaces.listNamespaces(r, observer);
    }
}
