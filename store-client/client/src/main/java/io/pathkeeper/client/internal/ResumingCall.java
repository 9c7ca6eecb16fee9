package io.pathkeeper.client.internal;

import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.pathkeeper.client.error.ClientClosedException;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.PathkeeperException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call with one request and many answers that is made again, at the next server, when it breaks, until its handler says that it is over. All
 * of its state, and the handler, are owned by its sequence of callbacks; the I/O thread only hands over.
 */
final class ResumingCall<Q, A> {
    private static final Logger LOG = LoggerFactory.getLogger(ResumingCall.class);

    /** What the call is about. Called by the sequence of callbacks only. */
    interface Handler<Q, A> {
        /**
         * Returns the request for the next stream; null when there is nothing to ask any more.
         *
         * @param first whether it is the first stream
         */
        @Nullable
        Q request(boolean first);

        /** Takes an answer. */
        void message(A answer);

        /** Takes what a stream ended with; returns whether to make the call again. */
        boolean broken(Errors.WireError error);

        /** The client was closed. */
        void clientClosed(PathkeeperException error);
    }

    /**
     * What all such calls of a client share.
     *
     * @param transport keeps the time between two streams
     * @param channel the connection
     * @param openCalls is told of the call
     */
    record Context(Transport transport, RotatingChannel channel, OpenCalls openCalls) {}

    private final Context context;
    private final MethodDescriptor<Q, A> method;
    private final Executor serial;
    private final Handler<Q, A> handler;
    private final Backoff backoff = new Backoff();
    private final Runnable onClientClose = this::clientClosed;
    private @Nullable ClientCall<Q, A> call;
    private RotatingChannel.@Nullable Lease lease;
    private boolean first = true;
    private boolean ended;

    ResumingCall(Context context, MethodDescriptor<Q, A> method, Executor serial, Handler<Q, A> handler) {
        this.context = context;
        this.method = method;
        this.serial = serial;
        this.handler = handler;
    }

    void start() {
        if (context.openCalls().add(onClientClose)) {
            serial.execute(this::open);
        } else {
            clientClosed();
        }
    }

    /** Ends the call; nothing is told of it any more. Owned by the sequence of callbacks. */
    void end() {
        ended = true;
        context.openCalls().remove(onClientClose);
        ClientCall<Q, A> running = call;
        if (running != null) {
            call = null;
            running.cancel("the call has ended", null);
        }
    }

    private void clientClosed() {
        serial.execute(() -> {
            if (!ended) {
                end();
                handler.clientClosed(Errors.closed(Outcome.UNKNOWN));
            }
        });
    }

    private void open() {
        Q request = ended ? null : handler.request(first);
        if (request == null) {
            end();
            return;
        }
        first = false;
        RotatingChannel.Lease taken;
        try {
            taken = context.channel().acquire();
        } catch (ClientClosedException e) {
            clientClosed();
            return;
        }
        lease = taken;
        ClientCall<Q, A> opened =
                taken.channel().newCall(method, CallOptions.DEFAULT.withExecutor(MoreExecutors.directExecutor()));
        call = opened;
        opened.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(A message) {
                        serial.execute(() -> message(opened, message));
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        Errors.WireError error = Errors.of(status.isOk() ? Status.UNAVAILABLE : status, trailers);
                        serial.execute(() -> closed(opened, error));
                    }
                },
                new Metadata());
        opened.request(1);
        opened.sendMessage(request);
        opened.halfClose();
    }

    private void message(ClientCall<Q, A> from, A message) {
        if (!ended && from == call) {
            backoff.reset();
            from.request(1);
            handler.message(message);
        }
    }

    private void closed(ClientCall<Q, A> from, Errors.WireError error) {
        if (ended || from != call) {
            return;
        }
        call = null;
        if (!handler.broken(error)) {
            end();
            return;
        }
        RotatingChannel.Lease left = lease;
        if (left != null && error.code() == Status.Code.UNAVAILABLE) {
            context.channel().failed(left, error.unreachable());
        }
        long delay = backoff.nextMillis(3);
        LOG.debug("{} is called again in {} ms: {}", method.getBareMethodName(), delay, error.message());
        context.transport().schedule(() -> serial.execute(this::open), delay);
    }

    /** Whether the same request would end in the same way at any server. */
    static boolean isRefusal(Errors.WireError error) {
        return switch (error.code()) {
            case INVALID_ARGUMENT,
                    OUT_OF_RANGE,
                    PERMISSION_DENIED,
                    UNAUTHENTICATED,
                    NOT_FOUND,
                    FAILED_PRECONDITION,
                    UNIMPLEMENTED -> true;
            case RESOURCE_EXHAUSTED -> !error.overloaded();
            default -> false;
        };
    }
}
