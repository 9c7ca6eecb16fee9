package io.pathkeeper.client.internal;

import io.grpc.MethodDescriptor;
import io.pathkeeper.client.coordination.LockRequest;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.session.PathkeeperSession;
import io.pathkeeper.client.session.SessionState;
import io.pathkeeper.v1.LockServiceGrpc;
import io.pathkeeper.v1.ReleaseLockRequest;
import io.pathkeeper.v1.RequestId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What locks and elections share: how to call, and how to give up what may be held.
 *
 * @param unary calls with one answer
 * @param requestIds names of what must not be carried out twice
 * @param streams calls with many answers
 * @param callbacks makes a sequence of callbacks
 * @param requestTimeoutNanos time limit of a call
 */
record CoordinationCalls(
        UnaryCalls unary,
        RequestIds requestIds,
        ResumingCall.Context streams,
        Supplier<? extends Executor> callbacks,
        long requestTimeoutNanos) {
    private static final Logger LOG = LoggerFactory.getLogger(CoordinationCalls.class);

    /** Has some server carry out a request once. */
    <Q, A, R> CompletableFuture<R> write(
            MethodDescriptor<Q, A> method, Function<RequestId, Q> request, Function<A, R> decoder) {
        RequestId requestId = requestIds.begin();
        return unary.write(method, request.apply(requestId), requestTimeoutNanos, decoder)
                .whenComplete((answer, error) -> requestIds.end(requestId));
    }

    /** Gives a lock back; with token 0 also a place in its queue. */
    CompletableFuture<Void> release(String path, PathkeeperSession session, String holderId, long token) {
        return gone(write(
                LockServiceGrpc.getReleaseLockMethod(),
                requestId -> ReleaseLockRequest.newBuilder()
                        .setPath(path)
                        .setSession(SessionProto.key(session.key()))
                        .setHolderId(holderId)
                        .setToken(token)
                        .setRequestId(requestId)
                        .build(),
                response -> response));
    }

    /** Counts as success that what should end has ended already. */
    static CompletableFuture<Void> gone(CompletableFuture<?> ending) {
        return ending.handle((answer, error) -> error).thenCompose(error -> {
            boolean over = error == null
                    || Futures.isReason(error, Reason.LOCK_NOT_HELD)
                    || Futures.isReason(error, Reason.SESSION_EXPIRED)
                    || Futures.isReason(error, Reason.SESSION_NOT_FOUND);
            return over
                    ? CompletableFuture.completedFuture((Void) null)
                    : CompletableFuture.failedFuture(Futures.cause(error));
        });
    }

    /**
     * Gives up what a broken or cancelled call may have left, a grant or a place. Tells nobody of a failure: the end of the session gives it up
     * at the latest.
     */
    void abandon(LockRequest request, String holderId) {
        if (request.session().state() == SessionState.LOST) {
            return;
        }
        release(request.path(), request.session(), holderId, 0).whenComplete((done, error) -> {
            if (error != null) {
                LOG.debug("what {} may have left at {} could not be given up", holderId, request.path(), error);
            }
        });
    }
}
