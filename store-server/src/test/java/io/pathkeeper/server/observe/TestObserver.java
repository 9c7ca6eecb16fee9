package io.pathkeeper.server.observe;

import io.pathkeeper.server.state.Rejection;
import org.jspecify.annotations.Nullable;

/** An observer inside the test: takes as many frames as it was given credit for. */
final class TestObserver implements ObserverTransport {
    private final ObserveChecker checker;
    private @Nullable Subscription subscription;
    private int credit;
    private @Nullable Rejection failure;
    private boolean ended;

    TestObserver(ObserveChecker checker) {
        this.checker = checker;
    }

    void bind(Subscription made) {
        subscription = made;
    }

    ObserveChecker checker() {
        return checker;
    }

    /** Lets so many more frames through. */
    void allow(int frames) {
        boolean was = isReady();
        credit += frames;
        if (!was && subscription != null) {
            subscription.signalReady();
        }
    }

    void stall() {
        credit = 0;
    }

    void cancel() {
        ended = true;
        if (subscription != null) {
            subscription.cancel();
        }
    }

    boolean isEnded() {
        return ended;
    }

    @Nullable
    Rejection failure() {
        return failure;
    }

    @Override
    public boolean isReady() {
        return credit > 0;
    }

    @Override
    public void send(FrameEncoder.Encoded frame) {
        if (!isReady()) {
            throw new AssertionError("a frame was sent though the observer was not ready");
        }
        credit--;
        if (!ended) {
            ((TestFrames.Frame) frame).tell().accept(checker);
        }
    }

    @Override
    public void complete() {
        end("OK");
    }

    @Override
    public void fail(Rejection rejection) {
        failure = rejection;
        end(rejection.reason().name());
    }

    private void end(String reason) {
        if (!ended) {
            ended = true;
            checker.ended(reason);
        }
    }
}
