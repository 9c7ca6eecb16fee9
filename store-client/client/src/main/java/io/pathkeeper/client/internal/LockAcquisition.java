package io.pathkeeper.client.internal;

import io.pathkeeper.client.coordination.LockGrant;
import io.pathkeeper.client.coordination.LockRequest;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.session.SessionListener;
import io.pathkeeper.client.session.SessionState;
import io.pathkeeper.v1.AcquireLockRequest;
import io.pathkeeper.v1.AcquireLockResponse;
import io.pathkeeper.v1.LockServiceGrpc;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One request in the queue of a lock, over as many streams as it takes. Each stream asks under a holder id of its own: the server behind a
 * stream that broke gives up what its request has when it notices, at any later time, and must not give up what the next one has got. A grant that
 * was told stays, however its stream ends. All state is owned by the sequence of callbacks.
 */
final class LockAcquisition implements ResumingCall.Handler<AcquireLockRequest, AcquireLockResponse> {
    private final CoordinationCalls calls;
    private final LockRequest request;
    private final LongConsumer position;
    private final Executor serial;
    private final ResumingCall<AcquireLockRequest, AcquireLockResponse> call;
    private final SessionListener sessionListener;
    private final CompletableFuture<LockGrant> result = new CompletableFuture<>();
    private String holderId;
    private int attempts;
    private boolean over;

    LockAcquisition(CoordinationCalls calls, LockRequest request, LongConsumer position) {
        this.calls = calls;
        this.request = request;
        this.position = position;
        this.serial = calls.callbacks().get();
        this.holderId = request.holderId();
        this.call = new ResumingCall<>(calls.streams(), LockServiceGrpc.getAcquireLockMethod(), serial, this);
        this.sessionListener = (session, state) -> {
            if (state == SessionState.LOST) {
                serial.execute(this::sessionLost);
            }
        };
    }

    CompletableFuture<LockGrant> start() {
        request.session().addListener(sessionListener);
        result.whenComplete((grant, error) -> {
            if (error != null) {
                // By this class, or by the caller who does not want it any more.
                serial.execute(this::leave);
            }
        });
        call.start();
        return result;
    }

    @Override
    public @Nullable AcquireLockRequest request(boolean first) {
        if (over) {
            return null;
        }
        try {
            attempts++;
            if (!first) {
                calls.abandon(request, holderId);
                holderId = request.holderId() + "~" + attempts;
            }
            return AcquireLockRequest.newBuilder()
                    .setLock(CoordinationProto.lock(request, holderId))
                    .build();
        } catch (PathkeeperException e) {
            fail(e);
            return null;
        }
    }

    @Override
    public void message(AcquireLockResponse answer) {
        if (answer.hasQueued()) {
            position.accept(answer.getQueued().getPosition());
        } else if (answer.hasGranted()) {
            granted(answer.getGranted().getToken());
        }
    }

    private void granted(long token) {
        over = true;
        call.end();
        request.session().removeListener(sessionListener);
        LockGrant grant = new DefaultLockGrant(calls, request.path(), request.session(), holderId, token);
        if (!result.complete(grant)) {
            calls.abandon(request, holderId);
        }
    }

    @Override
    public boolean broken(Errors.WireError error) {
        if (ResumingCall.isRefusal(error) && !error.reason().equals(Reason.LOCK_NOT_HELD)) {
            fail(Errors.exception(error, Outcome.NOT_APPLIED, null));
        }
        return !over;
    }

    @Override
    public void clientClosed(PathkeeperException error) {
        fail(error);
    }

    private void sessionLost() {
        if (!over) {
            call.end();
            fail(SessionProto.lost(request.session().id()));
        }
    }

    private void fail(PathkeeperException error) {
        over = true;
        request.session().removeListener(sessionListener);
        result.completeExceptionally(error);
    }

    private void leave() {
        if (!over) {
            over = true;
            request.session().removeListener(sessionListener);
            call.end();
            // The server does it, too, when it sees that the stream has gone; not when it has crashed, or has just sent
            // the grant.
            calls.abandon(request, holderId);
        }
    }
}
