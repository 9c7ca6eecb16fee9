package io.pathkeeper.server.rpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.pathkeeper.server.metrics.RpcMeters;
import io.pathkeeper.server.metrics.RpcMeters.MethodMeters;
import io.pathkeeper.server.tracing.Tracing;
import io.pathkeeper.v1.LockServiceGrpc;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Stands around every call: counts it, answers messages that could not be read, and turns what an endpoint throws into a status
 * without anything of the server's inside.
 */
final class CallGuard implements ServerInterceptor {
    private static final Metadata.Key<String> TRACE_PARENT =
            Metadata.Key.of(Tracing.PARENT, Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> TRACE_STATE =
            Metadata.Key.of(Tracing.STATE, Metadata.ASCII_STRING_MARSHALLER);

    private final RpcMeters meters;
    private final SlowRequests slow;
    private final Tracing tracing;

    CallGuard(RpcMeters meters, SlowRequests slow, Tracing tracing) {
        this.meters = meters;
        this.slow = slow;
        this.tracing = tracing;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        GuardedCall<Q, R> guarded = new GuardedCall<>(call, headers);
        try {
            return new GuardedListener<>(next.startCall(guarded, headers), guarded);
        } catch (RuntimeException e) {
            guarded.endWith(e);
            return new ServerCall.Listener<>() {};
        }
    }

    /** What a call was closed with that this guard closed itself, past the interceptors behind it; OK when it was not. */
    static StatusRuntimeException closedWith(ServerCall<?, ?> call) {
        if (call instanceof GuardedCall<?, ?> guarded && guarded.status != null) {
            return new StatusRuntimeException(guarded.status, guarded.trailers);
        }
        return new StatusRuntimeException(Status.OK);
    }

    private static @Nullable String header(Metadata headers, String name) {
        return headers.get(name.equals(Tracing.PARENT) ? TRACE_PARENT : TRACE_STATE);
    }

    /** Whether a call takes as long as its client wants it to wait. */
    private static boolean waits(ServerCall<?, ?> call) {
        return call.getMethodDescriptor()
                .getFullMethodName()
                .equals(LockServiceGrpc.getTryAcquireLockMethod().getFullMethodName());
    }

    /** Gives a call that is about to be closed what is known of its times. */
    static void timed(ServerCall<?, ?> call, @Nullable Access times) {
        if (call instanceof GuardedCall<?, ?> guarded) {
            guarded.times = times;
        }
    }

    private final class GuardedCall<Q, R> extends SimpleForwardingServerCall<Q, R> {
        private final MethodMeters method;
        private final long startNanos = System.nanoTime();
        private final AtomicBoolean closed = new AtomicBoolean();
        private final AtomicBoolean counted = new AtomicBoolean();
        private volatile @Nullable Status status;
        private volatile @Nullable Metadata trailers;
        private volatile @Nullable Access times;

        private final Tracing.@Nullable Trace trace;

        GuardedCall(ServerCall<Q, R> call, Metadata headers) {
            super(call);
            trace = tracing.isOn() ? tracing.begin(name -> header(headers, name)) : null;
            method = meters.method(call.getMethodDescriptor().getFullMethodName());
            method.started();
        }

        @Override
        public void close(Status status, Metadata trailers) {
            if (closed.compareAndSet(false, true)) {
                this.status = status;
                this.trailers = trailers;
                count(status.getCode());
                super.close(status, trailers);
            }
        }

        boolean isClosed() {
            return closed.get();
        }

        void count(Status.Code code) {
            if (counted.compareAndSet(false, true)) {
                long now = System.nanoTime();
                long nanos = now - startNanos;
                method.finished(code.name(), nanos);
                if (trace != null) {
                    Access known = times;
                    tracing.end(
                            trace,
                            getMethodDescriptor().getFullMethodName(),
                            code.name(),
                            startNanos,
                            now,
                            known == null ? null : known.proposalTimes(),
                            known == null ? 0 : known.viewNanos());
                }
                if (slow.isSlow(nanos) && getMethodDescriptor().getType() == MethodType.UNARY && !waits(this)) {
                    Access known = times;
                    slow.report(
                            getMethodDescriptor().getFullMethodName(),
                            startNanos,
                            now,
                            known == null ? null : known.proposalTimes(),
                            known == null ? 0 : known.viewNanos());
                }
            }
        }

        void endWith(RuntimeException error) {
            StatusRuntimeException status = error instanceof RejectedException rejected
                    ? ErrorMapper.exception(rejected.rejection())
                    : error instanceof StatusRuntimeException ready ? ready : Defects.report("a call failed", error);
            Metadata trailers = status.getTrailers();
            close(status.getStatus(), trailers == null ? new Metadata() : trailers);
        }
    }

    private static final class GuardedListener<Q, R> extends SimpleForwardingServerCallListener<Q> {
        private final GuardedCall<Q, R> call;

        GuardedListener(ServerCall.Listener<Q> listener, GuardedCall<Q, R> call) {
            super(listener);
            this.call = call;
        }

        @Override
        public void onMessage(Q message) {
            if ((Object) message instanceof MalformedMessage malformed) {
                call.endWith(new RejectedException(malformed.rejection()));
            } else {
                guard(() -> super.onMessage(message));
            }
        }

        @Override
        public void onHalfClose() {
            guard(super::onHalfClose);
        }

        @Override
        public void onReady() {
            guard(super::onReady);
        }

        @Override
        public void onCancel() {
            call.count(Status.Code.CANCELLED);
            try {
                super.onCancel();
            } catch (RuntimeException e) {
                Defects.report("a cancelled call failed", e);
            }
        }

        private void guard(Runnable step) {
            if (call.isClosed()) {
                return;
            }
            try {
                step.run();
            } catch (RuntimeException e) {
                call.endWith(e);
            }
        }
    }
}
