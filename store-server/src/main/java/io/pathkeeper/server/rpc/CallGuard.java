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
import io.pathkeeper.v1.LockServiceGrpc;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands around every call: counts it, answers messages that could not be read, and turns what an endpoint throws into a status
 * without anything of the server's inside.
 */
final class CallGuard implements ServerInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(CallGuard.class);
    private static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long LOG_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final RpcMeters meters;
    private volatile long slowLoggedNanos = System.nanoTime() - LOG_EVERY_NANOS;

    CallGuard(RpcMeters meters) {
        this.meters = meters;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        GuardedCall<Q, R> guarded = new GuardedCall<>(call);
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

    /** Whether a call takes as long as its client wants it to wait. */
    private static boolean waits(ServerCall<?, ?> call) {
        return call.getMethodDescriptor()
                .getFullMethodName()
                .equals(LockServiceGrpc.getTryAcquireLockMethod().getFullMethodName());
    }

    private void slow(String method, long nanos) {
        meters.slowRequest();
        long now = System.nanoTime();
        if (now - slowLoggedNanos >= LOG_EVERY_NANOS) {
            slowLoggedNanos = now;
            LOG.atWarn()
                    .addKeyValue("method", method)
                    .addKeyValue("millis", TimeUnit.NANOSECONDS.toMillis(nanos))
                    .log("slow request; pathkeeper_slow_requests_total counts them, one in ten seconds is logged");
        }
    }

    private final class GuardedCall<Q, R> extends SimpleForwardingServerCall<Q, R> {
        private final MethodMeters method;
        private final long startNanos = System.nanoTime();
        private final AtomicBoolean closed = new AtomicBoolean();
        private final AtomicBoolean counted = new AtomicBoolean();
        private volatile @Nullable Status status;
        private volatile @Nullable Metadata trailers;

        GuardedCall(ServerCall<Q, R> call) {
            super(call);
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
                long nanos = System.nanoTime() - startNanos;
                method.finished(code.name(), nanos);
                if (nanos > SLOW_NANOS && getMethodDescriptor().getType() == MethodType.UNARY && !waits(this)) {
                    slow(getMethodDescriptor().getFullMethodName(), nanos);
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
