package io.pathkeeper.server.rpc;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.StoreFailure;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One call with one answer. What becomes known while the call is still being read is answered at once; what a thread of the store
 * reports later is built and sent on a worker. An answer to a call that was cancelled is dropped.
 *
 * @param <R> the response
 */
final class UnaryCall<R> {
    private final ServerCallStreamObserver<R> observer;
    private final Executor workers;
    private final Headers headers;
    /** The thread that reads the call, while it does; other threads see their own identity differ from it. */
    private @Nullable Thread reader = Thread.currentThread();

    UnaryCall(StreamObserver<R> observer, Executor workers, Headers headers) {
        this.observer = (ServerCallStreamObserver<R>) observer;
        this.workers = workers;
        this.headers = headers;
        this.observer.setOnCancelHandler(() -> {}); // sending behind a cancellation is no error then
    }

    /** {@link System#nanoTime()} at which waiting for this call ends. */
    static long deadlineNanos(long fallbackNanos) {
        Deadline deadline = Context.current().getDeadline();
        long left = deadline == null ? fallbackNanos : deadline.timeRemaining(TimeUnit.NANOSECONDS);
        return System.nanoTime() + left;
    }

    /** Reads the call; what it throws is the answer. */
    void read(Runnable reading) {
        try {
            reading.run();
        } catch (RejectedException e) {
            reject(e.rejection());
        } finally {
            reader = null;
        }
    }

    /** Answers with what the supplier builds; what it throws is the answer. */
    void answer(Supplier<R> response) {
        if (Thread.currentThread() == reader) {
            send(response);
        } else {
            workers.execute(() -> send(response));
        }
    }

    private void send(Supplier<R> response) {
        if (observer.isCancelled()) {
            return;
        }
        R message;
        try {
            message = response.get();
        } catch (RejectedException e) {
            reject(e.rejection());
            return;
        } catch (RuntimeException e) {
            observer.onError(Defects.report("an answer could not be built", e));
            return;
        }
        observer.onNext(message);
        observer.onCompleted();
    }

    /** Ends with a refusal. */
    void reject(Rejection rejection) {
        observer.onError(ErrorMapper.exception(rejection));
    }

    /** Ends with a failure. */
    void fail(StoreFailure failure) {
        if (failure.rejection().reason() == RejectReason.INTERNAL) {
            Defects.log("a request failed", failure.rejection().message());
        }
        Runnable end = () -> observer.onError(ErrorMapper.exception(failure, headers.leaderId()));
        if (Thread.currentThread() == reader) {
            end.run();
        } else {
            workers.execute(end);
        }
    }
}
