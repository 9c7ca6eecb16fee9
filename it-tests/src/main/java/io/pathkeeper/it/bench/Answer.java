package io.pathkeeper.it.bench;

import io.grpc.stub.StreamObserver;

/** Tells a completion how a unary gRPC call ended. */
final class Answer<T> implements StreamObserver<T> {
    private final Operation.Completion completion;

    Answer(Operation.Completion completion) {
        this.completion = completion;
    }

    @Override
    public void onNext(T answer) {
        // the status behind it counts
    }

    @Override
    public void onError(Throwable error) {
        completion.ended(error.toString());
    }

    @Override
    public void onCompleted() {
        completion.ended(null);
    }
}
