package io.pathkeeper.server.rpc;

import io.grpc.stub.StreamObserver;
import io.pathkeeper.server.acl.Binding;
import io.pathkeeper.server.acl.Role;
import io.pathkeeper.server.auth.AuthPaths;
import io.pathkeeper.server.auth.AuthRecords;
import io.pathkeeper.server.auth.AuthState;
import io.pathkeeper.server.auth.Gatekeeper;
import io.pathkeeper.v1.DeleteBindingRequest;
import io.pathkeeper.v1.DeleteBindingResponse;
import io.pathkeeper.v1.DeleteRoleRequest;
import io.pathkeeper.v1.DeleteRoleResponse;
import io.pathkeeper.v1.ListBindingsRequest;
import io.pathkeeper.v1.ListBindingsResponse;
import io.pathkeeper.v1.ListRolesRequest;
import io.pathkeeper.v1.ListRolesResponse;
import io.pathkeeper.v1.SetBindingRequest;
import io.pathkeeper.v1.SetBindingResponse;
import io.pathkeeper.v1.SetRoleRequest;
import io.pathkeeper.v1.SetRoleResponse;

/** Calls of AuthService about roles and bindings. */
final class RoleCalls {
    private static final int MOST_BINDINGS = 10_000;
    private static final int MOST_ROLES = 1_000;
    private static final int MOST_RULES = 20_000;

    private final CoordinationContext context;
    private final AuthRecordCalls records;

    RoleCalls(CoordinationContext context, Gatekeeper keeper) {
        this.context = context;
        records = new AuthRecordCalls(context, keeper);
    }

    void setRole(SetRoleRequest r, StreamObserver<SetRoleResponse> observer) {
        UnaryCall<SetRoleResponse> call = context.call(observer);
        call.read(() -> {
            Role role = AuthMessages.role(r.getRole());
            SetRoleResponse.Builder out = SetRoleResponse.newBuilder();
            records.change(
                    call,
                    AuthPaths.ROLES.child(role.name()),
                    state -> {
                        AuthRecordCalls.room(state.roles(), role.name(), MOST_ROLES, "roles");
                        rules(state, role);
                        out.setCreated(!state.roles().containsKey(role.name()));
                        return AuthRecords.encode(role);
                    },
                    revision -> out.setHeader(records.header(revision)).build());
        });
    }

    private static void rules(AuthState state, Role role) {
        int others = state.roles().values().stream()
                .filter(other -> !other.name().equals(role.name()))
                .mapToInt(other -> other.rules().size())
                .sum();
        if (others + role.rules().size() > MOST_RULES) {
            throw AuthRecordCalls.full(
                    "rules of all roles", others + role.rules().size(), MOST_RULES);
        }
    }

    void deleteRole(DeleteRoleRequest r, StreamObserver<DeleteRoleResponse> observer) {
        records.delete(
                observer,
                AuthPaths.ROLES,
                r.getName(),
                AuthState::roles,
                revision -> DeleteRoleResponse.newBuilder()
                        .setHeader(records.header(revision))
                        .build());
    }

    void listRoles(ListRolesRequest r, StreamObserver<ListRolesResponse> observer) {
        records.list(observer, AuthState::roles, r.getPageSize(), r.getPageToken(), (page, header) -> {
            ListRolesResponse.Builder out = ListRolesResponse.newBuilder().setHeader(header);
            page.each((name, role) -> out.addRoles(AuthMessages.message(role)));
            return out.setNextPageToken(page.next()).build();
        });
    }

    void setBinding(SetBindingRequest r, StreamObserver<SetBindingResponse> observer) {
        UnaryCall<SetBindingResponse> call = context.call(observer);
        call.read(() -> {
            String name = AuthMessages.name("binding.name", r.getBinding().getName());
            Binding binding = AuthMessages.binding(r.getBinding());
            SetBindingResponse.Builder out = SetBindingResponse.newBuilder();
            records.change(
                    call,
                    AuthPaths.BINDINGS.child(name),
                    state -> {
                        AuthRecordCalls.room(state.bindings(), name, MOST_BINDINGS, "bindings");
                        if (!binding.role().equals(Role.ADMIN)) {
                            AuthRecordCalls.present(state.roles(), binding.role());
                        }
                        out.setCreated(!state.bindings().containsKey(name));
                        return AuthRecords.encode(binding);
                    },
                    revision -> out.setHeader(records.header(revision)).build());
        });
    }

    void deleteBinding(DeleteBindingRequest r, StreamObserver<DeleteBindingResponse> observer) {
        records.delete(
                observer,
                AuthPaths.BINDINGS,
                r.getName(),
                AuthState::bindings,
                revision -> DeleteBindingResponse.newBuilder()
                        .setHeader(records.header(revision))
                        .build());
    }

    void listBindings(ListBindingsRequest r, StreamObserver<ListBindingsResponse> observer) {
        records.list(observer, AuthState::bindings, r.getPageSize(), r.getPageToken(), (page, header) -> {
            ListBindingsResponse.Builder out = ListBindingsResponse.newBuilder().setHeader(header);
            page.each((name, binding) -> out.addBindings(AuthMessages.message(name, binding)));
            return out.setNextPageToken(page.next()).build();
        });
    }
}
