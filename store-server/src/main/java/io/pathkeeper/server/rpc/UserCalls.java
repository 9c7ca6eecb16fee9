package io.pathkeeper.server.rpc;

import io.grpc.stub.StreamObserver;
import io.pathkeeper.server.auth.AuthPaths;
import io.pathkeeper.server.auth.AuthRecords;
import io.pathkeeper.server.auth.AuthState;
import io.pathkeeper.server.auth.Gatekeeper;
import io.pathkeeper.server.auth.PasswordHash;
import io.pathkeeper.server.auth.User;
import io.pathkeeper.v1.DeleteUserRequest;
import io.pathkeeper.v1.DeleteUserResponse;
import io.pathkeeper.v1.ListUsersRequest;
import io.pathkeeper.v1.ListUsersResponse;
import io.pathkeeper.v1.SetUserRequest;
import io.pathkeeper.v1.SetUserResponse;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Calls of AuthService about users. */
final class UserCalls {
    private static final int MOST_USERS = 10_000;

    private final CoordinationContext context;
    private final Gatekeeper keeper;
    private final SignIns signIns;
    private final AuthRecordCalls records;

    UserCalls(CoordinationContext context, Gatekeeper keeper, SignIns signIns) {
        this.context = context;
        this.keeper = keeper;
        this.signIns = signIns;
        records = new AuthRecordCalls(context, keeper);
    }

    void setUser(SetUserRequest r, StreamObserver<SetUserResponse> observer) {
        UnaryCall<SetUserResponse> call = context.call(observer);
        call.read(() -> {
            String name = AuthMessages.name("name", r.getName());
            Set<String> groups = AuthMessages.groups(r.getGroups().getNamesList());
            if (r.hasPassword() && !r.getPassword().isEmpty()) {
                AuthMessages.password("password", r.getPassword());
                signIns.later(call, () -> setUser(call, r, name, groups, keeper.hash(r.getPassword())));
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
        records.change(
                call,
                AuthPaths.USERS.child(name),
                state -> {
                    User old = state.users().get(name);
                    AuthRecordCalls.room(state.users(), name, MOST_USERS, "users");
                    User kept = r.hasPassword() ? null : old;
                    User user = new User(
                            name,
                            kept != null ? kept.password() : password,
                            r.hasGroups() || old == null ? groups : old.groups(),
                            r.hasDisabled() ? r.getDisabled() : old != null && old.disabled(),
                            kept != null ? kept.credential() : keeper.newCredential());
                    out.setCreated(old == null).setUser(AuthMessages.message(user));
                    return AuthRecords.encode(user);
                },
                revision -> out.setHeader(records.header(revision)).build());
    }

    void deleteUser(DeleteUserRequest r, StreamObserver<DeleteUserResponse> observer) {
        records.delete(
                observer,
                AuthPaths.USERS,
                r.getName(),
                AuthState::users,
                revision -> DeleteUserResponse.newBuilder()
                        .setHeader(records.header(revision))
                        .build());
    }

    void listUsers(ListUsersRequest r, StreamObserver<ListUsersResponse> observer) {
        records.list(observer, AuthState::users, r.getPageSize(), r.getPageToken(), (page, header) -> {
            ListUsersResponse.Builder out = ListUsersResponse.newBuilder().setHeader(header);
            page.each((name, user) -> out.addUsers(AuthMessages.message(user)));
            return out.setNextPageToken(page.next()).build();
        });
    }
}
