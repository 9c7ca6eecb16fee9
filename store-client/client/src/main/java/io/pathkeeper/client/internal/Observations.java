package io.pathkeeper.client.internal;

import io.pathkeeper.client.observe.Observation;
import io.pathkeeper.client.observe.ObserveFrame;
import io.pathkeeper.client.observe.ObserveListener;
import io.pathkeeper.client.observe.ObserveRequest;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Supplier;

/** Makes observations; they share one connection, each has a stream of its own. Any thread. */
final class Observations {
    private final Transport transport;
    private final RotatingChannel channel;
    private final SeenRevision seen;
    private final OpenCalls openCalls;
    private final boolean monotonicReads;
    private final Supplier<Callbacks> callbacks;

    Observations(
            Transport transport,
            RotatingChannel channel,
            SeenRevision seen,
            OpenCalls openCalls,
            boolean monotonicReads,
            Supplier<Callbacks> callbacks) {
        this.transport = transport;
        this.channel = channel;
        this.seen = seen;
        this.openCalls = openCalls;
        this.monotonicReads = monotonicReads;
        this.callbacks = callbacks;
    }

    Flow.Publisher<ObserveFrame> observe(ObserveRequest request) {
        Objects.requireNonNull(request, "request");
        return subscriber -> new ObserveSubscription(
                        this, request, Objects.requireNonNull(subscriber, "subscriber"), callbacks.get())
                .start();
    }

    Observation observe(ObserveRequest request, ObserveListener listener) {
        ListenerObservation observation = new ListenerObservation(Objects.requireNonNull(listener, "listener"));
        observe(request).subscribe(observation);
        return observation;
    }

    Transport transport() {
        return transport;
    }

    RotatingChannel channel() {
        return channel;
    }

    OpenCalls openCalls() {
        return openCalls;
    }

    /** What the start of an observation must not lie before. */
    long seenRevision() {
        return monotonicReads ? seen.get() : 0;
    }

    void seen(long revision) {
        seen.advance(revision);
    }
}
