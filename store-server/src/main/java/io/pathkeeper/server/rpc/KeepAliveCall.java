package io.pathkeeper.server.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.server.id.SessionKey;
import io.pathkeeper.server.session.Session;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.SessionRenewal;
import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.v1.KeepAliveRequest;
import io.pathkeeper.v1.KeepAliveResponse;
import io.pathkeeper.v1.KeepAliveResult;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One stream that keeps sessions alive. One message is worked on at a time: the next one is asked for when the answer was handed to a
 * transport that takes it, so the answers come in order and a client that does not read them is not read either.
 *
 * <p>A failure to find out (no leader, no majority) ends the stream: silence would let the client believe that it lives.
 *
 * <p>Everything belongs to the monitor but the messages, which come one at a time.
 */
final class KeepAliveCall implements StreamObserver<KeepAliveRequest> {
    private final ServerCallStreamObserver<KeepAliveResponse> observer;
    private final CoordinationContext context;
    private boolean working;
    private boolean halfClosed;
    private boolean ended;
    private @Nullable KeepAliveResponse unsent;

    KeepAliveCall(ServerCallStreamObserver<KeepAliveResponse> observer, CoordinationContext context) {
        this.observer = observer;
        this.context = context;
    }

    StreamObserver<KeepAliveRequest> start() {
        observer.disableAutoRequest();
        observer.setOnReadyHandler(this::send);
        observer.setOnCancelHandler(this::cancelled);
        observer.request(1);
        return this;
    }

    @Override
    public void onNext(KeepAliveRequest message) {
        int count = message.getSessionsCount();
        if (count < 1 || count > SessionRenewal.MAX_SESSIONS) {
            throw RejectedException.argument(
                    "sessions", "has " + count + " entries: allowed are 1 to " + SessionRenewal.MAX_SESSIONS);
        }
        List<SessionKey> keys = new ArrayList<>(count);
        for (io.pathkeeper.v1.SessionKey key : message.getSessionsList()) {
            keys.add(new SessionKey(key.getId(), key.getSecret().toByteArray()));
        }
        synchronized (this) {
            working = true;
        }
        // the stream's own deadline, if it has one, bounds the stream
        context.renewals().renew(keys, context.deadline(), new SessionRenewals.Listener() {
            @Override
            public void renewed(List<SessionRenewals.Renewed> outcomes) {
                context.calls().workers().execute(() -> answer(message, outcomes));
            }

            @Override
            public void failed(StoreFailure failure) {
                context.calls().workers().execute(() -> fail(failure));
            }
        });
    }

    private void answer(KeepAliveRequest message, List<SessionRenewals.Renewed> outcomes) {
        KeepAliveResponse.Builder out =
                KeepAliveResponse.newBuilder().setHeader(context.header()).setCorrelationId(message.getCorrelationId());
        int renewed = 0;
        for (int i = 0; i < outcomes.size(); i++) {
            KeepAliveResult.Builder result = KeepAliveResult.newBuilder()
                    .setSessionId(message.getSessions(i).getId());
            Session session = outcomes.get(i).session();
            Rejection refused = outcomes.get(i).refused();
            if (session != null) {
                result.setRemainingMs(session.timeoutMillis());
                renewed++;
            } else {
                result.setReason((refused == null ? RejectReason.SESSION_EXPIRED : refused.reason()).name());
            }
            out.addResults(result);
        }
        context.coordination().meters().keepAlives(renewed);
        synchronized (this) {
            unsent = out.build();
        }
        send();
    }

    private synchronized void send() {
        KeepAliveResponse answer = unsent;
        if (ended || answer == null || !observer.isReady()) {
            return;
        }
        unsent = null;
        working = false;
        observer.onNext(answer);
        if (halfClosed) {
            complete();
        } else {
            observer.request(1);
        }
    }

    private synchronized void fail(StoreFailure failure) {
        if (!ended) {
            ended = true;
            observer.onError(
                    ErrorMapper.exception(failure, context.calls().headers().leaderId()));
        }
    }

    private synchronized void complete() {
        if (!ended) {
            ended = true;
            observer.onCompleted();
        }
    }

    private synchronized void cancelled() {
        ended = true;
        unsent = null;
    }

    @Override
    public void onError(Throwable error) {
        cancelled();
    }

    @Override
    public synchronized void onCompleted() {
        halfClosed = true;
        if (!working) {
            complete();
        }
    }
}
