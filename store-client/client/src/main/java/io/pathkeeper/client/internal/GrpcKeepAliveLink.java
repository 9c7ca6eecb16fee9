package io.pathkeeper.client.internal;

import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.pathkeeper.client.error.ClientClosedException;
import io.pathkeeper.v1.KeepAliveRequest;
import io.pathkeeper.v1.KeepAliveResponse;
import io.pathkeeper.v1.RenewSessionRequest;
import io.pathkeeper.v1.RenewSessionResponse;
import io.pathkeeper.v1.SessionKey;
import io.pathkeeper.v1.SessionServiceGrpc;
import org.jspecify.annotations.Nullable;

/** Keep-alives over a connection of their own, so that nothing else holds them up. Owned by the keeper's thread. */
final class GrpcKeepAliveLink implements KeepAliveLink {
    private final RotatingChannel channel;
    private RotatingChannel.@Nullable Lease lease;

    GrpcKeepAliveLink(RotatingChannel channel) {
        this.channel = channel;
    }

    @Override
    public @Nullable Stream open(StreamListener listener) {
        RotatingChannel.Lease taken = acquire();
        if (taken == null) {
            return null;
        }
        ClientCall<KeepAliveRequest, KeepAliveResponse> call = taken.channel()
                .newCall(
                        SessionServiceGrpc.getKeepAliveMethod(),
                        CallOptions.DEFAULT.withExecutor(MoreExecutors.directExecutor()));
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(KeepAliveResponse message) {
                        call.request(1);
                        listener.answered(message);
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        // A stream that ends without an error ends too early all the same.
                        listener.closed(Errors.of(status.isOk() ? Status.UNAVAILABLE : status, trailers));
                    }
                },
                new Metadata());
        call.request(1);
        return new Stream() {
            @Override
            public void send(KeepAliveRequest request) {
                call.sendMessage(request);
            }

            @Override
            public void cancel() {
                call.cancel("the keep-alives go another way", null);
            }
        };
    }

    @Override
    public void renew(SessionKey session, long timeoutNanos, UnaryCalls.Answered<RenewSessionResponse> then) {
        RotatingChannel.Lease taken = acquire();
        if (taken != null) {
            UnaryCalls.start(
                    taken.channel(),
                    SessionServiceGrpc.getRenewSessionMethod(),
                    RenewSessionRequest.newBuilder().setSession(session).build(),
                    timeoutNanos,
                    then);
        }
    }

    @Override
    public void leave(boolean unreachable) {
        RotatingChannel.Lease left = lease;
        if (left != null) {
            lease = null;
            channel.failed(left, unreachable);
        }
    }

    private RotatingChannel.@Nullable Lease acquire() {
        try {
            RotatingChannel.Lease taken = channel.acquire();
            lease = taken;
            return taken;
        } catch (ClientClosedException e) {
            return null;
        }
    }
}
