package io.pathkeeper.it.stalled;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.pathkeeper.it.coordination.ServerStubs;
import io.pathkeeper.v1.ObserveRequest;
import io.pathkeeper.v1.ObserveResponse;
import io.pathkeeper.v1.ObserveServiceGrpc;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** An observation that takes its first frame and no other, until it is told to take all. */
final class StalledStream extends ClientCall.Listener<ObserveResponse> {
    private final ClientCall<ObserveRequest, ObserveResponse> call;
    private final CountDownLatch stands = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile long shown;
    private volatile boolean torn;
    private volatile long wanted = Long.MAX_VALUE;
    private volatile @Nullable StatusRuntimeException end;
    private final LongConsumer seen;

    /** Opens it. */
    StalledStream(ManagedChannel channel, ObserveRequest request) {
        this(channel, request, revision -> {});
    }

    /** Opens one that tells of each revision as it comes, on the thread of its connection. */
    StalledStream(ManagedChannel channel, ObserveRequest request, LongConsumer seen) {
        this.seen = seen;
        call = channel.newCall(ObserveServiceGrpc.getObserveMethod(), CallOptions.DEFAULT);
        call.start(this, new Metadata());
        call.request(1);
        call.sendMessage(request);
        call.halfClose();
    }

    @Override
    public void onMessage(ObserveResponse frame) {
        if (frame.hasCreated()) {
            shown = frame.getCreated().getStartRevision() - 1;
            stands.countDown();
        } else if (frame.hasEvents()) {
            torn |= frame.getEvents().getRevision() != shown + 1;
            shown = frame.getEvents().getRevision();
            seen.accept(shown);
        }
        if (shown >= wanted) {
            over.countDown();
        }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        end = status.asRuntimeException(trailers);
        stands.countDown();
        over.countDown();
    }

    /** Waits until it stands. */
    void awaitStanding() throws InterruptedException {
        stands.await();
        StatusRuntimeException ended = end;
        if (ended != null) {
            throw new IllegalStateException("an observation was refused: " + ended.getStatus());
        }
    }

    /** Takes all from now on. */
    void takeAll(long lastRevision) {
        wanted = lastRevision;
        if (shown >= lastRevision) {
            over.countDown();
        }
        call.request(Integer.MAX_VALUE);
    }

    /** Waits until it has seen the last revision, or has ended. */
    void awaitEnd(long nanos) throws InterruptedException {
        if (!over.await(nanos, TimeUnit.NANOSECONDS)) {
            call.cancel("it did not end", null);
        }
    }

    /** Nobody needs it any more. */
    void cancel() {
        call.cancel("done", null);
    }

    /** Whether it has seen everything. */
    boolean isComplete() {
        return !torn && shown >= wanted;
    }

    /** Whether it was told, behind nothing that was left out, that it was too slow. */
    boolean wasToldToStartAgain() {
        StatusRuntimeException ended = end;
        return !torn && ended != null && ServerStubs.reasonOf(ended).equals("SLOW_CONSUMER");
    }

    /** How it ended, for messages. */
    String state() {
        StatusRuntimeException ended = end;
        return "shown " + shown + (torn ? ", with a gap" : "") + (ended == null ? "" : ", " + ended.getStatus());
    }
}
