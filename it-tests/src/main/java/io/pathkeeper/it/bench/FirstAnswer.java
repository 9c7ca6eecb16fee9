package io.pathkeeper.it.bench;

import io.grpc.stub.StreamObserver;
import java.util.function.Consumer;

/** Hands on the one answer of a unary call, or why there is none. */
final class FirstAnswer<T> implements StreamObserver<T> {
    private final Consumer<T> answered;
    private final Consumer<String> failed;

    FirstAnswer(Consumer<T> answered, Consumer<String> failed) {
        this.answered = answered;
        this.failed = failed;
    }

    @Override
    public void onNext(T answer) {
        answered.accept(answer);
    }

    @Override
    public void onError(Throwable error) {
        failed.accept(error.toString());
    }

    @Override
    public void onCompleted() {
        // the answer was there before
    }
}
