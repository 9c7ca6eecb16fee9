package io.pathkeeper.client.internal;

import io.pathkeeper.client.error.ErrorDetails;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.observe.Observation;
import io.pathkeeper.client.observe.ObserveFrame;
import io.pathkeeper.client.observe.ObserveListener;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Gives the frames of an observation to a listener. Called by its sequence of callbacks; {@link #close} by any thread. */
final class ListenerObservation implements Flow.Subscriber<ObserveFrame>, Observation {
    private static final int WINDOW = 16;

    private final ObserveListener listener;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile long position;
    private volatile @Nullable ObserveSubscription subscription;
    private volatile boolean closed;

    ListenerObservation(ObserveListener listener) {
        this.listener = listener;
    }

    @Override
    public void onSubscribe(Flow.Subscription started) {
        subscription = (ObserveSubscription) started;
        started.request(WINDOW);
        if (closed) {
            close();
        }
    }

    @Override
    public void onNext(ObserveFrame frame) {
        ObserveSubscription from = subscription;
        if (closed || from == null) {
            return;
        }
        try {
            dispatch(frame);
        } catch (RuntimeException e) {
            closed = true;
            from.cancel();
            onError(e);
            return;
        }
        from.request(1);
    }

    private void dispatch(ObserveFrame frame) {
        if (frame instanceof ObserveFrame.Events events) {
            listener.onEvents(events);
            position = events.revision();
        } else if (frame instanceof ObserveFrame.Progress progress) {
            listener.onProgress(progress);
            position = progress.revision();
        } else if (frame instanceof ObserveFrame.Existing existing) {
            listener.onExisting(existing);
        } else if (frame instanceof ObserveFrame.Synced synced) {
            listener.onSynced(synced);
            position = synced.revision();
        } else if (frame instanceof ObserveFrame.Reset reset) {
            listener.onReset(reset);
        } else if (frame instanceof ObserveFrame.Created created) {
            listener.onCreated(created);
        }
    }

    @Override
    public void onError(Throwable cause) {
        PathkeeperException error = cause instanceof PathkeeperException known
                ? known
                : new PathkeeperException(
                        new ErrorDetails(
                                Reason.LISTENER_FAILED,
                                "the listener failed: " + cause,
                                Map.of(),
                                false,
                                Outcome.NOT_APPLIED),
                        cause);
        try {
            listener.onEnd(error);
        } finally {
            ended.completeExceptionally(error);
        }
    }

    @Override
    public void onComplete() {
        try {
            listener.onEnd(null);
        } finally {
            ended.complete(null);
        }
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public CompletableFuture<Void> ended() {
        return ended.copy();
    }

    @Override
    public void close() {
        closed = true;
        ObserveSubscription running = subscription;
        if (running != null) {
            running.complete();
        }
    }
}
