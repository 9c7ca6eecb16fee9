package io.pathkeeper.client.memory;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.v1.CloseSessionRequest;
import io.pathkeeper.v1.CloseSessionResponse;
import io.pathkeeper.v1.CreateSessionRequest;
import io.pathkeeper.v1.CreateSessionResponse;
import io.pathkeeper.v1.EventCause;
import io.pathkeeper.v1.GetSessionRequest;
import io.pathkeeper.v1.GetSessionResponse;
import io.pathkeeper.v1.KeepAliveRequest;
import io.pathkeeper.v1.KeepAliveResponse;
import io.pathkeeper.v1.KeepAliveResult;
import io.pathkeeper.v1.ListSessionNodesRequest;
import io.pathkeeper.v1.ListSessionNodesResponse;
import io.pathkeeper.v1.ListSessionsRequest;
import io.pathkeeper.v1.ListSessionsResponse;
import io.pathkeeper.v1.RenewSessionRequest;
import io.pathkeeper.v1.RenewSessionResponse;
import io.pathkeeper.v1.Session;
import io.pathkeeper.v1.SessionKey;
import io.pathkeeper.v1.SessionServiceGrpc;

/** Sessions at the wire. */
final class SessionEndpoint extends SessionServiceGrpc.SessionServiceImplBase {
    private final MemoryServer server;
    private final MemoryCluster cluster;
    private final CoordinationEndpoints switches;

    SessionEndpoint(MemoryServer server, CoordinationEndpoints switches) {
        this.server = server;
        this.cluster = server.cluster;
        this.switches = switches;
    }

    @Override
    public void createSession(CreateSessionRequest r, StreamObserver<CreateSessionResponse> out) {
        server.answer(out, () -> {
            MemoryCluster.Session session =
                    r.hasResume() ? cluster.find(r.getResume()) : cluster.open(r.getClientIdentity(), r.getTimeoutMs());
            return CreateSessionResponse.newBuilder()
                    .setHeader(cluster.header())
                    .setSession(SessionKey.newBuilder().setId(session.id()).setSecret(session.secret()))
                    .setTimeoutMs(session.timeoutMillis())
                    .setResumed(r.hasResume())
                    .build();
        });
    }

    private KeepAliveResult renew(SessionKey key) {
        try {
            return KeepAliveResult.newBuilder()
                    .setSessionId(key.getId())
                    .setRemainingMs(cluster.find(key).timeoutMillis())
                    .build();
        } catch (Refused e) {
            return KeepAliveResult.newBuilder()
                    .setSessionId(key.getId())
                    .setReason("SESSION_EXPIRED")
                    .build();
        }
    }

    @Override
    public StreamObserver<KeepAliveRequest> keepAlive(StreamObserver<KeepAliveResponse> out) {
        switches.keepAliveStreams.incrementAndGet();
        if (switches.refusesStreams) {
            out.onError(Status.UNIMPLEMENTED.asRuntimeException());
        }
        return new StreamObserver<>() {
            @Override
            public void onNext(KeepAliveRequest message) {
                if (switches.silent || switches.refusesStreams) {
                    return;
                }
                switches.streamKeepAlives.incrementAndGet();
                KeepAliveResponse.Builder response = KeepAliveResponse.newBuilder()
                        .setHeader(cluster.header())
                        .setCorrelationId(message.getCorrelationId());
                message.getSessionsList().forEach(key -> response.addResults(renew(key)));
                out.onNext(response.build());
            }

            @Override
            public void onError(Throwable error) {
                // The client has gone.
            }

            @Override
            public void onCompleted() {
                out.onCompleted();
            }
        };
    }

    @Override
    public void renewSession(RenewSessionRequest r, StreamObserver<RenewSessionResponse> out) {
        if (switches.silent) {
            return;
        }
        switches.renewals.incrementAndGet();
        server.answer(
                out,
                () -> RenewSessionResponse.newBuilder()
                        .setRemainingMs(cluster.find(r.getSession()).timeoutMillis())
                        .build());
    }

    @Override
    public void closeSession(CloseSessionRequest r, StreamObserver<CloseSessionResponse> out) {
        server.answer(out, () -> {
            cluster.end(cluster.find(r.getSession()).id(), EventCause.EVENT_CAUSE_SESSION_CLOSED);
            return CloseSessionResponse.newBuilder()
                    .setRevision(cluster.revision())
                    .build();
        });
    }

    private Session describe(MemoryCluster.Session session) {
        return Session.newBuilder()
                .setId(session.id())
                .setTimeoutMs(session.timeoutMillis())
                .setClientIdentity(session.identity())
                .build();
    }

    @Override
    public void getSession(GetSessionRequest r, StreamObserver<GetSessionResponse> out) {
        server.answer(out, () -> {
            MemoryCluster.Session found = cluster.sessions.get(r.getSessionId());
            if (found == null) {
                throw new Refused(Status.Code.NOT_FOUND, "SESSION_NOT_FOUND", "session " + r.getSessionId());
            }
            return GetSessionResponse.newBuilder().setSession(describe(found)).build();
        });
    }

    @Override
    public void listSessions(ListSessionsRequest r, StreamObserver<ListSessionsResponse> out) {
        server.answer(out, () -> {
            ListSessionsResponse.Builder response = ListSessionsResponse.newBuilder();
            cluster.sessions.values().forEach(session -> response.addSessions(describe(session)));
            return response.build();
        });
    }

    @Override
    public void listSessionNodes(ListSessionNodesRequest r, StreamObserver<ListSessionNodesResponse> out) {
        server.answer(out, () -> {
            ListSessionNodesResponse.Builder response = ListSessionNodesResponse.newBuilder();
            cluster.tree.all().stream()
                    .filter(znode -> znode.getStat().getOwnerSession() == r.getSessionId())
                    .forEach(znode -> response.addPaths(znode.getPath()));
            return response.build();
        });
    }
}
