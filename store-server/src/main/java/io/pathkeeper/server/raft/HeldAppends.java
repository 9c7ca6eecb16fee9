package io.pathkeeper.server.raft;

import io.pathkeeper.server.disk.SpaceView;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the leader's entries out of a log whose disk is full, or about to be: Ratis ends for good with the first write that fails. A message with entries waits at the
 * door until there is space, and the stream behind it with it; heartbeats come on a stream of their own, so that the leader counts as alive. To the
 * leader this server is slow. A snapshot of the leader is refused meanwhile; it comes again.
 *
 * <p>Calls of a stream come one after the other; what waited goes on, on the disk's thread, under the stream's monitor.
 */
final class HeldAppends implements ServerInterceptor {
    private static final String INSTALL_METHOD = "ratis.grpc.RaftServerProtocolService/installSnapshot";

    private final SpaceView space;
    private final Set<Stream<?>> held = ConcurrentHashMap.newKeySet();

    HeldAppends(SpaceView space) {
        this.space = space;
        space.onLook(this::release);
    }

    /** Streams that wait for space. */
    int count() {
        return held.size();
    }

    private void release() {
        if (!held.isEmpty() && space.mayWrite()) {
            held.forEach(Stream::goOn);
        }
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String method = call.getMethodDescriptor().getFullMethodName();
        if (method.equals(INSTALL_METHOD) && !space.mayWrite()) {
            call.close(
                    Status.RESOURCE_EXHAUSTED.withDescription("the disk of this server has no room for a snapshot now"),
                    new Metadata());
            return new ServerCall.Listener<>() {};
        }
        ServerCall.Listener<Q> listener = next.startCall(call, headers);
        return method.equals(PeerService.APPEND_METHOD) ? new Stream<>(listener) : listener;
    }

    private final class Stream<Q> extends SimpleForwardingServerCallListener<Q> {
        private @Nullable Q waiting;
        private boolean halfClosed;

        Stream(ServerCall.Listener<Q> delegate) {
            super(delegate);
        }

        @Override
        public synchronized void onMessage(Q message) {
            if (message instanceof AppendEntriesRequestProto append
                    && append.getEntriesCount() > 0
                    && !space.mayWrite()) {
                waiting = message;
                held.add(this); // the next look finds it
                return;
            }
            super.onMessage(message);
        }

        synchronized void goOn() {
            held.remove(this);
            Q message = waiting;
            waiting = null;
            if (message != null) {
                super.onMessage(message);
            }
            if (halfClosed) {
                super.onHalfClose();
            }
        }

        @Override
        public synchronized void onHalfClose() {
            if (waiting != null) {
                halfClosed = true;
                return;
            }
            super.onHalfClose();
        }

        @Override
        public synchronized void onCancel() {
            held.remove(this);
            waiting = null;
            halfClosed = false;
            super.onCancel();
        }
    }
}
