package io.pathkeeper.server.rpc;

import io.grpc.stub.StreamObserver;
import io.pathkeeper.server.auth.AuthPaths;
import io.pathkeeper.server.auth.AuthRecords;
import io.pathkeeper.server.auth.AuthState;
import io.pathkeeper.server.auth.Gatekeeper;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.v1.DeleteNamespaceRequest;
import io.pathkeeper.v1.DeleteNamespaceResponse;
import io.pathkeeper.v1.ListNamespacesRequest;
import io.pathkeeper.v1.ListNamespacesResponse;
import io.pathkeeper.v1.Namespace;
import io.pathkeeper.v1.SetNamespaceRequest;
import io.pathkeeper.v1.SetNamespaceResponse;

/** Calls of AuthService about namespaces. */
final class NamespaceCalls {
    private static final int MOST_NAMESPACES = 1_000;

    private final CoordinationContext context;
    private final AuthRecordCalls records;

    NamespaceCalls(CoordinationContext context, Gatekeeper keeper) {
        this.context = context;
        records = new AuthRecordCalls(context, keeper);
    }

    void setNamespace(SetNamespaceRequest r, StreamObserver<SetNamespaceResponse> observer) {
        UnaryCall<SetNamespaceResponse> call = context.call(observer);
        call.read(() -> {
            String name = AuthMessages.name("namespace.name", r.getNamespace().getName());
            ZnodePath root = FieldReader.path(r.getNamespace().getPath());
            if (root.isReserved()) {
                throw RejectedException.argument("namespace.path", "is " + root + ", which is the server's own");
            }
            SetNamespaceResponse.Builder out = SetNamespaceResponse.newBuilder();
            records.change(
                    call,
                    AuthPaths.NAMESPACES.child(name),
                    state -> {
                        AuthRecordCalls.room(state.namespaces(), name, MOST_NAMESPACES, "namespaces");
                        out.setCreated(!state.namespaces().containsKey(name));
                        return AuthRecords.encodeNamespace(root.toString());
                    },
                    revision -> out.setHeader(records.header(revision)).build());
        });
    }

    void deleteNamespace(DeleteNamespaceRequest r, StreamObserver<DeleteNamespaceResponse> observer) {
        records.delete(
                observer,
                AuthPaths.NAMESPACES,
                r.getName(),
                AuthState::namespaces,
                revision -> DeleteNamespaceResponse.newBuilder()
                        .setHeader(records.header(revision))
                        .build());
    }

    void listNamespaces(ListNamespacesRequest r, StreamObserver<ListNamespacesResponse> observer) {
        records.list(observer, AuthState::namespaces, r.getPageSize(), r.getPageToken(), (page, header) -> {
            ListNamespacesResponse.Builder out =
                    ListNamespacesResponse.newBuilder().setHeader(header);
            page.each((name, root) ->
                    out.addNamespaces(Namespace.newBuilder().setName(name).setPath(root.toString())));
            return out.setNextPageToken(page.next()).build();
        });
    }
}
