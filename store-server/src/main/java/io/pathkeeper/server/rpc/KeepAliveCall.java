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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One stream that keeps sessions alive. A few messages are worked on at the same time, so that they share questions to the leader;
 * their answers go out in order. The next message is asked for when an answer was handed to a transport that takes it: a client that
 * does not read is not read either.
 *
 * <p>A failure to find out (no leader, no majority) ends the stream: silence would let the client believe that it lives.
 *
 * <p>Everything belongs to the monitor but the messages, which come one at a time.
 */
final class KeepAliveCall implements StreamObserver<KeepAliveRequest> {
    /** Messages of a stream that are worked on or whose answer has not been sent. */
    static final int MAX_WORKING = 16;

    /** A message's place in the order of the answers. */
    private static final class Place {
        private @Nullable KeepAliveResponse answer;
    }

    private final ServerCallStreamObserver<KeepAliveResponse> observer;
    private final CoordinationContext context;
    private final Deque<Place> places = new ArrayDeque<>();
    private boolean halfClosed;
    private boolean ended;

    KeepAliveCall(ServerCallStreamObserver<KeepAliveResponse> observer, CoordinationContext context) {
        this.observer = observer;
        this.context = context;
    }

    StreamObserver<KeepAliveRequest> start() {
        observer.disableAutoRequest();
        observer.setOnReadyHandler(this::send);
        observer.setOnCancelHandler(this::cancelled);
        observer.request(MAX_WORKING);
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
        Place place = new Place();
        synchronized (this) {
            if (ended) {
                return; // asked for before the stream failed
            }
            places.add(place);
        }
        // the stream's own deadline, if it has one, bounds the stream
        context.renewals().renew(keys, context.deadline(), new SessionRenewals.Listener() {
            @Override
            public void renewed(List<SessionRenewals.Renewed> outcomes) {
                context.calls().workers().execute(() -> answer(place, message, outcomes));
            }

            @Override
            public void failed(StoreFailure failure) {
                context.calls().workers().execute(() -> fail(failure));
            }
        });
    }

    private void answer(Place place, KeepAliveRequest message, List<SessionRenewals.Renewed> outcomes) {
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
            place.answer = out.build();
        }
        send();
    }

    private synchronized void send() {
        while (!ended && observer.isReady()) {
            Place first = places.peek();
            if (first == null || first.answer == null) {
                break;
            }
            places.remove();
            observer.onNext(first.answer);
            if (!halfClosed) {
                observer.request(1);
            }
        }
        completeIfDone();
    }

    private synchronized void fail(StoreFailure failure) {
        if (!ended) {
            ended = true;
            places.clear();
            observer.onError(
                    ErrorMapper.exception(failure, context.calls().headers().leaderId()));
        }
    }

    private void completeIfDone() {
        if (halfClosed && places.isEmpty() && !ended) {
            ended = true;
            observer.onCompleted();
        }
    }

    private synchronized void cancelled() {
        ended = true;
        places.clear();
    }

    @Override
    public void onError(Throwable error) {
        cancelled();
    }

    @Override
    public synchronized void onCompleted() {
        halfClosed = true;
        completeIfDone();
    }
}
