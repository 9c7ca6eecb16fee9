package io.pathkeeper.client.internal;

import io.pathkeeper.client.error.ErrorDetails;
import io.pathkeeper.client.error.LimitExceededException;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.session.PathkeeperSession;
import io.pathkeeper.client.session.SessionInfo;
import io.pathkeeper.client.session.SessionKey;
import io.pathkeeper.client.session.SessionOptions;
import io.pathkeeper.client.session.SessionPage;
import io.pathkeeper.client.session.SessionPathsPage;
import io.pathkeeper.client.session.Sessions;
import io.pathkeeper.v1.CloseSessionRequest;
import io.pathkeeper.v1.CloseSessionResponse;
import io.pathkeeper.v1.CreateSessionRequest;
import io.pathkeeper.v1.CreateSessionResponse;
import io.pathkeeper.v1.GetSessionRequest;
import io.pathkeeper.v1.ListSessionNodesRequest;
import io.pathkeeper.v1.ListSessionsRequest;
import io.pathkeeper.v1.RenewSessionRequest;
import io.pathkeeper.v1.RenewSessionResponse;
import io.pathkeeper.v1.RequestId;
import io.pathkeeper.v1.SessionServiceGrpc;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Opens sessions and hands them to the keeper. Any thread. */
final class DefaultSessions implements Sessions {
    private final UnaryCalls calls;
    private final RequestIds requestIds;
    private final SessionKeeper keeper;
    private final ThreadFactory threads;
    private final Supplier<? extends Executor> callbacks;
    private final long requestTimeoutNanos;
    private final LongSupplier clock;

    /**
     * Makes it.
     *
     * @param threads makes the thread of the keeper when the first session is opened
     * @param callbacks makes a sequence of callbacks for the listeners of one session
     */
    DefaultSessions(
            UnaryCalls calls,
            RequestIds requestIds,
            SessionKeeper keeper,
            ThreadFactory threads,
            Supplier<? extends Executor> callbacks,
            long requestTimeoutNanos,
            LongSupplier clock) {
        this.calls = calls;
        this.requestIds = requestIds;
        this.keeper = keeper;
        this.threads = threads;
        this.callbacks = callbacks;
        this.requestTimeoutNanos = requestTimeoutNanos;
        this.clock = clock;
    }

    /** What is known of a session before it is handed out. */
    private record Opened(SessionKey key, long timeoutNanos, boolean resumed) {}

    @Override
    public PathkeeperSession open(SessionOptions options) {
        BlockingStore.refuseInCallback();
        return BlockingStore.await(openAsync(options));
    }

    @Override
    public CompletableFuture<PathkeeperSession> openAsync(SessionOptions options) {
        if (keeper.sessionCount() >= SessionKeeper.MAX_SESSIONS) {
            return CompletableFuture.failedFuture(tooMany());
        }
        keeper.start(threads);
        SessionKey resume = options.resume();
        RequestId requestId = requestIds.begin();
        CreateSessionRequest.Builder request = CreateSessionRequest.newBuilder().setRequestId(requestId);
        if (resume == null) {
            request.setTimeoutMs(options.timeout().toMillis())
                    .setClientIdentity(options.identity())
                    .putAllLabels(options.labels());
        } else {
            request.setResume(SessionProto.key(resume));
        }
        long began = clock.getAsLong();
        return calls.write(
                        SessionServiceGrpc.getCreateSessionMethod(),
                        request.build(),
                        requestTimeoutNanos,
                        response -> opened(response, resume))
                .whenComplete((opened, error) -> requestIds.end(requestId))
                .thenCompose(opened -> prove(opened, began));
    }

    private static Opened opened(CreateSessionResponse response, @Nullable SessionKey resume) {
        SessionKey key = resume == null ? SessionProto.key(response.getSession()) : resume;
        return new Opened(key, TimeUnit.MILLISECONDS.toNanos(response.getTimeoutMs()), response.getResumed());
    }

    /**
     * Hands the session out. The servers may have opened it as early as when it was first asked for; when that is a while ago, or the session
     * is an older one, it is asked whether it is open still.
     */
    private CompletableFuture<PathkeeperSession> prove(Opened opened, long began) {
        if (!opened.resumed() && clock.getAsLong() - began < opened.timeoutNanos() / 3) {
            return CompletableFuture.completedFuture(keep(opened, began));
        }
        RenewSessionRequest request = RenewSessionRequest.newBuilder()
                .setSession(SessionProto.key(opened.key()))
                .build();
        long asked = clock.getAsLong();
        return calls.call(
                SessionServiceGrpc.getRenewSessionMethod(),
                request,
                requestTimeoutNanos,
                (RenewSessionResponse response) -> keep(opened, asked));
    }

    private PathkeeperSession keep(Opened opened, long sentNanos) {
        DefaultSession session = new DefaultSession(
                opened.key(), opened.timeoutNanos(), opened.resumed(), sentNanos, clock, callbacks.get(), this::end);
        keeper.keep(session, sentNanos);
        return session;
    }

    private CompletableFuture<Long> end(DefaultSession session) {
        keeper.wake();
        RequestId requestId = requestIds.begin();
        CompletableFuture<Long> revision = calls.write(
                SessionServiceGrpc.getCloseSessionMethod(),
                CloseSessionRequest.newBuilder()
                        .setSession(SessionProto.key(session.key()))
                        .setRequestId(requestId)
                        .build(),
                requestTimeoutNanos,
                CloseSessionResponse::getRevision);
        return revision.whenComplete((ended, error) -> requestIds.end(requestId))
                .exceptionallyCompose(error -> {
                    boolean over = Futures.isReason(error, Reason.SESSION_EXPIRED)
                            || Futures.isReason(error, Reason.SESSION_NOT_FOUND);
                    return over
                            ? CompletableFuture.completedFuture(0L)
                            : CompletableFuture.failedFuture(Futures.cause(error));
                });
    }

    private static LimitExceededException tooMany() {
        return new LimitExceededException(
                new ErrorDetails(
                        Reason.QUOTA_EXCEEDED,
                        "this client has " + SessionKeeper.MAX_SESSIONS
                                + " open sessions, which is the limit: close some, or share them",
                        Map.of("limit", Integer.toString(SessionKeeper.MAX_SESSIONS)),
                        false,
                        Outcome.NOT_APPLIED),
                null);
    }

    @Override
    public CompletableFuture<SessionInfo> info(long sessionId) {
        return calls.call(
                SessionServiceGrpc.getGetSessionMethod(),
                GetSessionRequest.newBuilder().setSessionId(sessionId).build(),
                requestTimeoutNanos,
                response -> SessionProto.info(response.getSession()));
    }

    @Override
    public CompletableFuture<SessionPage> list(int pageSize, String pageToken) {
        return calls.call(
                SessionServiceGrpc.getListSessionsMethod(),
                ListSessionsRequest.newBuilder()
                        .setPageSize(pageSize)
                        .setPageToken(pageToken)
                        .build(),
                requestTimeoutNanos,
                response -> new SessionPage(
                        response.getSessionsList().stream()
                                .map(SessionProto::info)
                                .toList(),
                        response.getNextPageToken()));
    }

    @Override
    public CompletableFuture<SessionPathsPage> paths(long sessionId, int pageSize, String pageToken) {
        return calls.call(
                SessionServiceGrpc.getListSessionNodesMethod(),
                ListSessionNodesRequest.newBuilder()
                        .setSessionId(sessionId)
                        .setPageSize(pageSize)
                        .setPageToken(pageToken)
                        .build(),
                requestTimeoutNanos,
                response -> new SessionPathsPage(response.getPathsList(), response.getNextPageToken()));
    }
}
