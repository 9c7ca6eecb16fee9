package io.pathkeeper.client.internal;

import io.pathkeeper.client.model.ScanChunk;
import io.pathkeeper.client.model.ScanOptions;
import io.pathkeeper.v1.ReadOptions;
import io.pathkeeper.v1.ScanSubtreeRequest;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.function.Supplier;

/** Makes scans. Any thread. */
final class Scans {
    private final Transport transport;
    private final RotatingChannel channel;
    private final SeenRevision seen;
    private final OpenCalls openCalls;
    private final boolean monotonicReads;
    private final Supplier<Callbacks> callbacks;

    Scans(
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

    /** Returns a new sequence of callbacks. */
    Callbacks newCallbacks() {
        return callbacks.get();
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

    SeenRevision seen() {
        return seen;
    }

    Flow.Publisher<ScanChunk> scan(String path, ScanOptions options, long timeoutNanos) {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(options, "options");
        return subscriber -> new ScanSubscription(
                        this, () -> request(path, options), options.view(), subscriber, newCallbacks(), timeoutNanos)
                .start();
    }

    private ScanSubtreeRequest request(String path, ScanOptions options) {
        ScanSubtreeRequest request = ReadProto.scan(path, options);
        if (!monotonicReads) {
            return request;
        }
        ReadOptions bounded = ReadProto.withSeenRevision(request.getOptions(), seen.get());
        return request.toBuilder().setOptions(bounded).build();
    }
}
