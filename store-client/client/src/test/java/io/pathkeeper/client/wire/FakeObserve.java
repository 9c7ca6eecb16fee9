package io.pathkeeper.client.wire;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.pathkeeper.v1.Event;
import io.pathkeeper.v1.EventType;
import io.pathkeeper.v1.ObserveCreated;
import io.pathkeeper.v1.ObserveEvents;
import io.pathkeeper.v1.ObserveRequest;
import io.pathkeeper.v1.ObserveResponse;
import io.pathkeeper.v1.ObserveServiceGrpc;
import io.pathkeeper.v1.ResponseHeader;
import io.pathkeeper.v1.ScanSubtreeRequest;
import io.pathkeeper.v1.ScanSubtreeResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Serves observations and scans as the test tells it, frame by frame. */
public final class FakeObserve extends ObserveServiceGrpc.ObserveServiceImplBase {
    /** One stream that a client has opened. */
    public final class Stream {
        /** What the client asked for. */
        public final ObserveRequest request;

        private final ServerCallStreamObserver<ObserveResponse> responses;

        private Stream(ObserveRequest request, ServerCallStreamObserver<ObserveResponse> responses) {
            this.request = request;
            this.responses = responses;
        }

        /** Sends a frame. */
        public synchronized void send(ObserveResponse.Builder frame) {
            if (!responses.isCancelled()) {
                responses.onNext(frame.setHeader(header.get()).build());
            }
        }

        /** Sends CREATED. */
        public void created(long revision) {
            send(ObserveResponse.newBuilder()
                    .setCreated(ObserveCreated.newBuilder().setStartRevision(revision)));
        }

        /** Sends the events of a revision, or a fragment of them, one for each path. */
        public void events(long revision, boolean more, String... paths) {
            ObserveEvents.Builder events =
                    ObserveEvents.newBuilder().setRevision(revision).setMore(more);
            for (String path : paths) {
                events.addEvents(Event.newBuilder()
                        .setType(EventType.EVENT_TYPE_UPDATED)
                        .setPath(path)
                        .setRevision(revision));
            }
            send(ObserveResponse.newBuilder().setEvents(events));
        }

        /** Ends the stream. */
        public synchronized void end(Status status) {
            if (!responses.isCancelled()) {
                responses.onError(status.asRuntimeException());
            }
        }

        /** Whether the transport takes more. */
        public boolean isReady() {
            return responses.isReady();
        }

        /** Whether the client has gone. */
        public boolean isCancelled() {
            return responses.isCancelled();
        }
    }

    private final Supplier<ResponseHeader> header;
    /** Streams that were ever opened, in order. */
    public final List<Stream> streams = new CopyOnWriteArrayList<>();
    /** Parts of a scan that were handed to the transport. */
    public final AtomicInteger scanParts = new AtomicInteger();
    /** How many parts a scan has; 0 for one with all znodes. */
    public volatile int scanLength;
    /** Before which part a scan breaks; 0 for never. */
    public volatile int scanBreaksAt;
    /** How many scans break before their first part. */
    public final AtomicInteger scansToRefuse = new AtomicInteger();
    /** The last scan that came. */
    public volatile @Nullable ScanSubtreeRequest lastScan;

    FakeObserve(Supplier<ResponseHeader> header) {
        this.header = header;
    }

    @Override
    public void observe(ObserveRequest request, StreamObserver<ObserveResponse> responses) {
        streams.add(new Stream(request, (ServerCallStreamObserver<ObserveResponse>) responses));
    }

    void scan(ScanSubtreeRequest request, StreamObserver<ScanSubtreeResponse> responses, FakeStore store) {
        lastScan = request;
        if (scansToRefuse.getAndDecrement() > 0) {
            responses.onError(Status.UNAVAILABLE.asRuntimeException());
            return;
        }
        ServerCallStreamObserver<ScanSubtreeResponse> out = (ServerCallStreamObserver<ScanSubtreeResponse>) responses;
        int[] next = {0};
        out.setOnReadyHandler(() -> {
            int length = Math.max(1, scanLength);
            while (out.isReady() && next[0] < length) {
                next[0]++;
                if (next[0] == scanBreaksAt) {
                    out.onError(Status.UNAVAILABLE.asRuntimeException());
                    next[0] = length;
                    return;
                }
                ScanSubtreeResponse.Builder part = ScanSubtreeResponse.newBuilder()
                        .setHeader(header.get())
                        .setRevision(store.revision())
                        .setLast(next[0] == length);
                store.paths().forEach(path -> part.addZnodes(store.znode(path)));
                scanParts.incrementAndGet();
                out.onNext(part.build());
                if (next[0] == length) {
                    out.onCompleted();
                }
            }
        });
    }
}
