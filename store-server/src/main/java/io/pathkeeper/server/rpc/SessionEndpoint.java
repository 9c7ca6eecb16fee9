package io.pathkeeper.server.rpc;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.server.id.SessionKey;
import io.pathkeeper.server.session.Session;
import io.pathkeeper.server.session.SessionTable;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.v1.CloseSessionRequest;
import io.pathkeeper.v1.CloseSessionResponse;
import io.pathkeeper.v1.CreateSessionRequest;
import io.pathkeeper.v1.CreateSessionResponse;
import io.pathkeeper.v1.GetSessionRequest;
import io.pathkeeper.v1.GetSessionResponse;
import io.pathkeeper.v1.KeepAliveRequest;
import io.pathkeeper.v1.KeepAliveResponse;
import io.pathkeeper.v1.ListSessionNodesRequest;
import io.pathkeeper.v1.ListSessionNodesResponse;
import io.pathkeeper.v1.ListSessionsRequest;
import io.pathkeeper.v1.ListSessionsResponse;
import io.pathkeeper.v1.RenewSessionRequest;
import io.pathkeeper.v1.RenewSessionResponse;
import io.pathkeeper.v1.SessionServiceGrpc;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** SessionService on the wire. Calls are read on the transport's threads, which never wait here. Secrets are made here. */
final class SessionEndpoint extends SessionServiceGrpc.SessionServiceImplBase {
    static final long MIN_TIMEOUT_MILLIS = 1_000;
    static final long MAX_TIMEOUT_MILLIS = 300_000;
    static final long DEFAULT_TIMEOUT_MILLIS = 10_000;

    private static final int MAX_IDENTITY_BYTES = 128;
    private static final int MAX_LABELS = 16;
    private static final int MAX_LABEL_KEY_BYTES = 64;
    private static final int MAX_LABEL_VALUE_BYTES = 256;
    private static final byte[] ALL_SESSIONS = "sessions".getBytes(StandardCharsets.UTF_8);

    private final CoordinationContext context;
    private final SecureRandom random = new SecureRandom();

    SessionEndpoint(CoordinationContext context) {
        this.context = context;
    }

    @Override
    public void createSession(CreateSessionRequest r, StreamObserver<CreateSessionResponse> observer) {
        UnaryCall<CreateSessionResponse> call = context.call(observer);
        call.read(() -> {
            if (r.hasResume()) {
                renew(call, FieldReader.session("resume", true, r.getResume()), session -> opened(session, true));
                return;
            }
            long timeout = r.hasTimeoutMs() ? r.getTimeoutMs() : DEFAULT_TIMEOUT_MILLIS;
            byte[] secret = new byte[Session.SECRET_BYTES];
            random.nextBytes(secret);
            Command command = new Command.CreateSession(
                    secret,
                    FieldReader.within("timeout_ms", timeout, MIN_TIMEOUT_MILLIS, MAX_TIMEOUT_MILLIS),
                    FieldReader.text("client_identity", r.getClientIdentity(), MAX_IDENTITY_BYTES),
                    labels(r),
                    CallerAddress.current());
            context.write(
                    call,
                    command,
                    FieldReader.requestId(r.hasRequestId(), r.getRequestId()),
                    result -> opened(
                            ResultWriter.expect(result, CommandResult.SessionOpened.class)
                                    .session(),
                            false));
        });
    }

    private static SortedMap<String, String> labels(CreateSessionRequest r) {
        if (r.getLabelsCount() > MAX_LABELS) {
            throw RejectedException.argument(
                    "labels", "has " + r.getLabelsCount() + " entries: allowed are at most " + MAX_LABELS);
        }
        SortedMap<String, String> labels = new TreeMap<>();
        r.getLabelsMap().forEach((key, value) -> {
            if (key.isEmpty()) {
                throw RejectedException.argument(
                        "labels", "has an empty key: keys have 1 to " + MAX_LABEL_KEY_BYTES + " bytes");
            }
            FieldReader.text("labels: a key", key, MAX_LABEL_KEY_BYTES);
            FieldReader.text("labels: the value of " + key, value, MAX_LABEL_VALUE_BYTES);
            labels.put(key, value);
        });
        return labels;
    }

    private CreateSessionResponse opened(Session session, boolean resumed) {
        return CreateSessionResponse.newBuilder()
                .setHeader(context.header())
                .setSession(io.pathkeeper.v1.SessionKey.newBuilder()
                        .setId(session.id())
                        .setSecret(ByteString.copyFrom(session.secret())))
                .setTimeoutMs(session.timeoutMillis())
                .setResumed(resumed)
                .setRevision(session.createdRevision())
                .build();
    }

    @Override
    public StreamObserver<KeepAliveRequest> keepAlive(StreamObserver<KeepAliveResponse> observer) {
        return new KeepAliveCall((ServerCallStreamObserver<KeepAliveResponse>) observer, context).start();
    }

    @Override
    public void renewSession(RenewSessionRequest r, StreamObserver<RenewSessionResponse> observer) {
        UnaryCall<RenewSessionResponse> call = context.call(observer);
        call.read(() -> renew(
                call,
                FieldReader.session("session", r.hasSession(), r.getSession()),
                session -> RenewSessionResponse.newBuilder()
                        .setHeader(context.header())
                        .setRemainingMs(session.timeoutMillis())
                        .build()));
    }

    private interface Answer<R> {
        R of(Session session);
    }

    private <R> void renew(UnaryCall<R> call, SessionKey key, Answer<R> answer) {
        context.renewals().renew(List.of(key), context.deadline(), new SessionRenewals.Listener() {
            @Override
            public void renewed(List<SessionRenewals.Renewed> outcomes) {
                call.answer(() -> {
                    SessionRenewals.Renewed outcome = outcomes.get(0);
                    Rejection refused = outcome.refused();
                    Session session = outcome.session();
                    if (refused != null || session == null) {
                        throw new RejectedException(
                                refused == null
                                        ? SessionRefusals.missing(
                                                context.calls().store().sessions(), key.id())
                                        : refused);
                    }
                    context.coordination().meters().keepAlives(1);
                    return answer.of(session);
                });
            }

            @Override
            public void failed(StoreFailure failure) {
                call.fail(failure);
            }
        });
    }

    @Override
    public void closeSession(CloseSessionRequest r, StreamObserver<CloseSessionResponse> observer) {
        UnaryCall<CloseSessionResponse> call = context.call(observer);
        call.read(() -> context.write(
                call,
                new Command.CloseSession(FieldReader.session("session", r.hasSession(), r.getSession())),
                FieldReader.requestId(r.hasRequestId(), r.getRequestId()),
                result -> {
                    var ended = ResultWriter.expect(result, CommandResult.SessionEnded.class);
                    return CloseSessionResponse.newBuilder()
                            .setHeader(context.header())
                            .setRevision(ended.revision())
                            .setDeletedCount(ended.deletedCount())
                            .build();
                }));
    }

    @Override
    public void getSession(GetSessionRequest r, StreamObserver<GetSessionResponse> observer) {
        UnaryCall<GetSessionResponse> call = context.call(observer);
        call.read(() -> {
            sessionId(r.getSessionId());
            context.read(call, FieldReader.readOptions(r.getOptions()), view -> {
                SessionTable table = context.calls().store().sessions();
                return GetSessionResponse.newBuilder()
                        .setHeader(context.calls().headers().header(view.revision()))
                        .setSession(message(table, existing(table, r.getSessionId())))
                        .build();
            });
        });
    }

    private static Session existing(SessionTable table, long id) {
        Session session = table.find(id);
        if (session == null) {
            throw new RejectedException(SessionRefusals.missing(table, id));
        }
        return session;
    }

    private static void sessionId(long id) {
        if (id < 1) {
            throw RejectedException.argument("session_id", "is " + id + ": ids begin with 1");
        }
    }

    @Override
    public void listSessions(ListSessionsRequest r, StreamObserver<ListSessionsResponse> observer) {
        UnaryCall<ListSessionsResponse> call = context.call(observer);
        call.read(() -> {
            int size = FieldReader.pageSize(r.getPageSize());
            byte[] key = key(ALL_SESSIONS, r.getPageToken());
            long after = key == null ? 0 : id(key);
            context.read(call, FieldReader.readOptions(r.getOptions()), view -> {
                SessionTable table = context.calls().store().sessions();
                List<Session> found = table.after(after, size + 1);
                var out = ListSessionsResponse.newBuilder()
                        .setHeader(context.calls().headers().header(view.revision()));
                found.stream().limit(size).forEach(session -> out.addSessions(message(table, session)));
                if (found.size() > size) {
                    byte[] last = ByteBuffer.allocate(Long.BYTES)
                            .putLong(found.get(size - 1).id())
                            .array();
                    out.setNextPageToken(context.calls().store().nextKeyToken(ALL_SESSIONS, last));
                }
                return out.build();
            });
        });
    }

    private static long id(byte[] key) {
        if (key.length != Long.BYTES) {
            throw badToken();
        }
        return ByteBuffer.wrap(key).getLong();
    }

    private byte @Nullable [] key(byte[] query, String token) {
        if (token.isEmpty()) {
            return null;
        }
        byte[] key = context.calls().store().keyOf(query, token);
        if (key == null) {
            throw badToken();
        }
        return key;
    }

    static RejectedException badToken() {
        return new RejectedException(Rejection.of(
                RejectReason.PAGE_TOKEN_INVALID,
                "page_token is not one of this listing: start again without a token",
                "field",
                "page_token"));
    }

    @Override
    public void listSessionNodes(ListSessionNodesRequest r, StreamObserver<ListSessionNodesResponse> observer) {
        UnaryCall<ListSessionNodesResponse> call = context.call(observer);
        call.read(() -> {
            sessionId(r.getSessionId());
            int size = FieldReader.pageSize(r.getPageSize());
            byte[] query = ("nodes of " + r.getSessionId()).getBytes(StandardCharsets.UTF_8);
            byte[] key = key(query, r.getPageToken());
            ZnodePath after = key == null ? null : ZnodePath.fromBytes(key);
            context.read(call, FieldReader.readOptions(r.getOptions()), view -> {
                SessionTable table = context.calls().store().sessions();
                existing(table, r.getSessionId());
                NavigableSet<ZnodePath> all = table.ephemerals(r.getSessionId());
                List<ZnodePath> found = (after == null ? all : all.tailSet(after, false))
                        .stream().limit(size + 1L).toList();
                var out = ListSessionNodesResponse.newBuilder()
                        .setHeader(context.calls().headers().header(view.revision()));
                found.stream().limit(size).forEach(path -> out.addPaths(path.toString()));
                if (found.size() > size) {
                    out.setNextPageToken(context.calls()
                            .store()
                            .nextKeyToken(query, found.get(size - 1).utf8()));
                }
                return out.build();
            });
        });
    }

    private static io.pathkeeper.v1.Session message(SessionTable table, Session session) {
        return io.pathkeeper.v1.Session.newBuilder()
                .setId(session.id())
                .setTimeoutMs(session.timeoutMillis())
                .setClientIdentity(session.clientIdentity())
                .putAllLabels(session.labels())
                .setAddress(session.address())
                .setCreatedRevision(session.createdRevision())
                .setCreatedAtMs(session.createdAtMillis())
                .setEphemeralCount(table.ephemeralCount(session.id()))
                .setLockCount(table.lockCount(session.id()))
                .build();
    }
}
