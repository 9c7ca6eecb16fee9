package io.pathkeeper.server.rpc;

import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.server.observe.FrameEncoder;
import io.pathkeeper.server.observe.ObserveHub;
import io.pathkeeper.server.observe.ObserveOptions;
import io.pathkeeper.server.observe.ObserverTransport;
import io.pathkeeper.server.observe.Subscription;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.ReadBarrier;
import io.pathkeeper.server.store.StoreException;
import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.v1.ObserveRequest;
import io.pathkeeper.v1.ObserveResponse;
import io.pathkeeper.v1.ObserveServiceGrpc;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code ObserveService}: reads the request, waits for {@code min_revision}, and hands the call to the {@link ObserveHub}, which
 * sends on its own threads and only while the call is ready. Any thread.
 */
public final class ObserveEndpoint implements BindableService {
    private static final long MIN_REVISION_WAIT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final ObserveHub hub;
    private final ReadBarrier barrier;
    private final Headers headers;

    /** Makes the endpoint; the hub must be started, with {@link ObserveFrames}, before the first call comes. */
    public ObserveEndpoint(ObserveHub hub, ReadBarrier barrier, Headers headers) {
        this.hub = hub;
        this.barrier = barrier;
        this.headers = headers;
    }

    /** The service with responses that are serialized before they get here. */
    @Override
    public ServerServiceDefinition bindService() {
        MethodDescriptor<ObserveRequest, ObserveResponse> plain = ObserveServiceGrpc.getObserveMethod();
        MethodDescriptor<ObserveRequest, ObserveFrames.Frame> method = plain.toBuilder(
                        plain.getRequestMarshaller(), new FrameMarshaller())
                .build();
        ServiceDescriptor service = ServiceDescriptor.newBuilder(ObserveServiceGrpc.SERVICE_NAME)
                .setSchemaDescriptor(ObserveServiceGrpc.getServiceDescriptor().getSchemaDescriptor())
                .addMethod(method)
                .build();
        return ServerServiceDefinition.builder(service)
                .addMethod(method, ServerCalls.asyncServerStreamingCall(this::observe))
                .build();
    }

    private void observe(ObserveRequest request, StreamObserver<ObserveFrames.Frame> responses) {
        ObserveOptions options;
        try {
            options = ObserveRequests.read(request).through(new RightsGate(Access.current(), request));
        } catch (RejectedException e) {
            responses.onError(ErrorMapper.exception(e.rejection()));
            return;
        }
        CallTransport transport = new CallTransport((ServerCallStreamObserver<ObserveFrames.Frame>) responses);
        if (request.getMinRevision() == 0 && barrier.hasOwnView()) {
            transport.bind(hub.observe(options, transport));
            return;
        }
        CompletableFuture<TreeView> beginning = request.getMinRevision() == 0
                ? barrier.linearizableView()
                : barrier.viewAtLeast(request.getMinRevision(), deadlineNanos());
        beginning.whenComplete((view, failure) -> {
            if (transport.isGone()) {
                return;
            }
            start(options, transport, view, failure);
        });
    }

    private void start(
            ObserveOptions options, CallTransport transport, @Nullable TreeView view, @Nullable Throwable failure) {
        if (view != null) {
            transport.bind(hub.observe(options, transport));
            return;
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        transport.call.onError(
                cause instanceof StoreException expected
                        ? ErrorMapper.exception(expected.failure(), headers.leaderId())
                        : cause);
    }

    private static long deadlineNanos() {
        Deadline deadline = Context.current().getDeadline();
        long wait = deadline == null
                ? MIN_REVISION_WAIT_NANOS
                : Math.min(MIN_REVISION_WAIT_NANOS, deadline.timeRemaining(TimeUnit.NANOSECONDS));
        return System.nanoTime() + wait;
    }

    /** One call as the hub sees it. */
    private static final class CallTransport implements ObserverTransport {
        private final ServerCallStreamObserver<ObserveFrames.Frame> call;
        private volatile @Nullable Subscription subscription;
        private volatile boolean gone;

        CallTransport(ServerCallStreamObserver<ObserveFrames.Frame> call) {
            this.call = call;
            call.setOnReadyHandler(this::becameReady);
            call.setOnCancelHandler(this::cancelled);
        }

        /** Signals may have come before the subscription was known here: it looks once more. */
        void bind(Subscription made) {
            subscription = made;
            if (gone) {
                made.cancel();
            } else {
                made.signalReady();
            }
        }

        boolean isGone() {
            return gone;
        }

        private void becameReady() {
            Subscription bound = subscription;
            if (bound != null) {
                bound.signalReady();
            }
        }

        private void cancelled() {
            gone = true;
            Subscription bound = subscription;
            if (bound != null) {
                bound.cancel();
            }
        }

        @Override
        public boolean isReady() {
            return call.isReady();
        }

        @Override
        public void send(FrameEncoder.Encoded frame) {
            call.onNext((ObserveFrames.Frame) frame);
        }

        @Override
        public void complete() {
            call.onCompleted();
        }

        @Override
        public void fail(Rejection rejection) {
            call.onError(ErrorMapper.exception(rejection));
        }
    }
}
