package io.pathkeeper.server.rpc;

import io.grpc.stub.StreamObserver;
import io.pathkeeper.server.acl.Role;
import io.pathkeeper.server.acl.Verb;
import io.pathkeeper.server.auth.AuthPaths;
import io.pathkeeper.server.auth.AuthRecords;
import io.pathkeeper.server.auth.AuthState;
import io.pathkeeper.server.auth.Gatekeeper;
import io.pathkeeper.server.auth.Identity;
import io.pathkeeper.server.auth.PasswordHash;
import io.pathkeeper.server.auth.User;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.ReadRequest;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.v1.AuthenticateRequest;
import io.pathkeeper.v1.AuthenticateResponse;
import io.pathkeeper.v1.ChangePasswordRequest;
import io.pathkeeper.v1.ChangePasswordResponse;
import io.pathkeeper.v1.CheckAccessRequest;
import io.pathkeeper.v1.CheckAccessResponse;
import io.pathkeeper.v1.WhoAmIRequest;
import io.pathkeeper.v1.WhoAmIResponse;
import java.util.Set;

/** Calls of AuthService about whoever makes them: signing in, changing the own password, what one may do. */
final class OwnCalls {
    private final CoordinationContext context;
    private final Gatekeeper keeper;
    private final SignIns signIns;
    private final AuthRecordCalls records;

    OwnCalls(CoordinationContext context, Gatekeeper keeper, SignIns signIns) {
        this.context = context;
        this.keeper = keeper;
        this.signIns = signIns;
        records = new AuthRecordCalls(context, keeper);
    }

    void authenticate(AuthenticateRequest r, StreamObserver<AuthenticateResponse> observer) {
        UnaryCall<AuthenticateResponse> call = context.call(observer);
        call.read(() -> signIns.authenticate(call, r, context.header()));
    }

    void changePassword(ChangePasswordRequest r, StreamObserver<ChangePasswordResponse> observer) {
        UnaryCall<ChangePasswordResponse> call = context.call(observer);
        call.read(() -> {
            AuthMessages.password("new_password", r.getNewPassword());
            signIns.check(call, r.getUser(), r.getOldPassword(), user -> {
                PasswordHash hash = keeper.hash(r.getNewPassword());
                records.change(
                        call,
                        AuthPaths.USERS.child(user.name()),
                        state -> {
                            User now = AuthRecordCalls.present(state.users(), user.name());
                            if (now.credential() != user.credential()) {
                                throw new RejectedException(Rejection.of(
                                        RejectReason.SIGN_IN_FAILED, "the password was changed meanwhile: try again"));
                            }
                            return AuthRecords.encode(
                                    new User(now.name(), hash, now.groups(), now.disabled(), keeper.newCredential()));
                        },
                        revision -> ChangePasswordResponse.newBuilder()
                                .setHeader(records.header(revision))
                                .build());
            });
        });
    }

    void whoAmI(WhoAmIRequest r, StreamObserver<WhoAmIResponse> observer) {
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

    void checkAccess(CheckAccessRequest r, StreamObserver<CheckAccessResponse> observer) {
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
}
