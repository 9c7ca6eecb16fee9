package io.pathkeeper.client.internal;

import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.pathkeeper.v1.PipelineRequest;
import io.pathkeeper.v1.PipelineResponse;
import io.pathkeeper.v1.StoreServiceGrpc;
import org.jspecify.annotations.Nullable;

/**
 * One stream to one server over a connection of its own. The I/O thread sends, and takes what comes to the {@link Listener}. Ends once, by the server, by the connection, or by {@link #cancel}.
 */
final class PipelineStream {
    /** Takes what comes from the stream, on the I/O thread. */
    interface Listener {
        void onReady(PipelineStream stream);

        void onResponse(PipelineStream stream, PipelineResponse response);

        void onClosed(PipelineStream stream, Status status, Metadata trailers);
    }

    private static final int READ_AHEAD = 64;
    private static final int READY_BYTES = 256 << 10;

    final String address;
    private final ManagedChannel channel;
    private final ClientCall<PipelineRequest, PipelineResponse> call;

    // Owned by the I/O thread.
    boolean ready;
    long readyNanos;
    boolean greeted;
    boolean answered;
    long openedNanos;
    long lastReceivedNanos;
    String memberId = "";
    /** The leader's identity that this stream was opened for; empty when it was opened in turn. */
    String expectedMember = "";

    PipelineStream(String address, ManagedChannel channel, long nowNanos) {
        this.address = address;
        this.channel = channel;
        this.openedNanos = nowNanos;
        this.lastReceivedNanos = nowNanos;
        this.call = channel.newCall(
                StoreServiceGrpc.getPipelineMethod(),
                CallOptions.DEFAULT.withExecutor(MoreExecutors.directExecutor()).withOnReadyThreshold(READY_BYTES));
    }

    void start(Listener listener) {
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onReady() {
                        listener.onReady(PipelineStream.this);
                    }

                    @Override
                    public void onMessage(PipelineResponse response) {
                        listener.onResponse(PipelineStream.this, response);
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        listener.onClosed(PipelineStream.this, status, trailers);
                    }
                },
                new Metadata());
        call.request(READ_AHEAD);
    }

    boolean isWritable() {
        return call.isReady();
    }

    void send(PipelineRequest request) {
        call.sendMessage(request);
    }

    /** Lets one more answer come. */
    void requestOne() {
        call.request(1);
    }

    /** The connection, for the call that asks for the members. */
    ManagedChannel channel() {
        return channel;
    }

    /** Ends the stream and its connection. The listener may still be called. */
    void cancel(String why, @Nullable Throwable cause) {
        call.cancel(why, cause);
        channel.shutdownNow();
    }
}
