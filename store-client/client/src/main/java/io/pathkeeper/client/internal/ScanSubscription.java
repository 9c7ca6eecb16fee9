package io.pathkeeper.client.internal;

import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.model.ScanChunk;
import io.pathkeeper.client.model.View;
import io.pathkeeper.v1.ScanSubtreeRequest;
import io.pathkeeper.v1.ScanSubtreeResponse;
import io.pathkeeper.v1.StoreServiceGrpc;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One scan for one subscriber. All of its state is owned by its sequence of callbacks; the I/O thread only hands over. At most one chunk is
 * asked of the server ahead of what was delivered, so a slow subscriber slows down the server and nothing piles up here.
 */
final class ScanSubscription implements Flow.Subscription {
    private final Scans scans;
    private final Supplier<ScanSubtreeRequest> request;
    private final View view;
    private final Flow.Subscriber<? super ScanChunk> subscriber;
    private final Executor serial;
    private final long deadlineNanos;
    private final long timeoutMillis;
    private final Backoff backoff = new Backoff();
    private final Runnable onClientClose = this::clientClosed;
    private @Nullable ClientCall<ScanSubtreeRequest, ScanSubtreeResponse> call;
    private long demand;
    private boolean asked;
    private boolean delivered;
    private boolean complete;
    private boolean ended;

    ScanSubscription(
            Scans scans,
            Supplier<ScanSubtreeRequest> request,
            View view,
            Flow.Subscriber<? super ScanChunk> subscriber,
            Executor serial,
            long timeoutNanos) {
        this.scans = scans;
        this.request = request;
        this.view = view;
        this.subscriber = subscriber;
        this.serial = serial;
        this.deadlineNanos = System.nanoTime() + timeoutNanos;
        this.timeoutMillis = TimeUnit.NANOSECONDS.toMillis(timeoutNanos);
    }

    void start() {
        serial.execute(() -> {
            subscriber.onSubscribe(this);
            if (scans.openCalls().add(onClientClose)) {
                open();
            } else {
                end(Errors.closed(Outcome.NOT_APPLIED));
            }
        });
    }

    @Override
    public void request(long count) {
        serial.execute(() -> {
            if (count <= 0) {
                end(new IllegalArgumentException("a subscriber must request at least 1, not " + count));
            } else {
                demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
                ask();
            }
        });
    }

    @Override
    public void cancel() {
        serial.execute(this::quit);
    }

    private void clientClosed() {
        serial.execute(() -> end(Errors.closed(Outcome.NOT_APPLIED)));
    }

    private void quit() {
        ended = true;
        scans.openCalls().remove(onClientClose);
        cancelCall();
    }

    private void open() {
        if (ended) {
            return;
        }
        RotatingChannel.Lease lease;
        try {
            lease = scans.channel().acquire();
        } catch (PathkeeperException e) {
            end(e);
            return;
        }
        ClientCall<ScanSubtreeRequest, ScanSubtreeResponse> opened = lease.channel()
                .newCall(
                        StoreServiceGrpc.getScanSubtreeMethod(),
                        CallOptions.DEFAULT.withExecutor(MoreExecutors.directExecutor()));
        call = opened;
        asked = false;
        opened.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(ScanSubtreeResponse message) {
                        serial.execute(() -> message(opened, message));
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        serial.execute(() -> closed(opened, lease, Errors.of(status, trailers)));
                    }
                },
                new Metadata());
        opened.sendMessage(request.get());
        opened.halfClose();
        long left = Math.max(0, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime()));
        scans.transport().schedule(() -> serial.execute(() -> watch(opened)), left);
        ask();
    }

    /** The time for the first chunk is over, if one was asked for. */
    private void watch(ClientCall<?, ?> watched) {
        if (watched == call && asked && !delivered) {
            end(Errors.timeout("the scan", timeoutMillis, Outcome.NOT_APPLIED, null));
        }
    }

    private void ask() {
        if (!ended && !asked && demand > 0 && call != null) {
            asked = true;
            call.request(1);
        }
    }

    private void message(ClientCall<?, ?> from, ScanSubtreeResponse message) {
        if (ended || from != call) {
            return;
        }
        scans.seen().advance(message.getHeader().getRevision());
        asked = false;
        delivered = true;
        complete = message.getLast();
        demand--;
        // The next chunk travels while this one is taken.
        ask();
        try {
            subscriber.onNext(FromProto.chunk(message, view));
        } catch (RuntimeException e) {
            quit();
            throw e;
        }
        if (complete) {
            end(null);
        }
    }

    private void closed(ClientCall<?, ?> from, RotatingChannel.Lease lease, Errors.WireError error) {
        if (ended || from != call) {
            return;
        }
        call = null;
        if (error.code() == Status.Code.UNAVAILABLE) {
            scans.channel().failed(lease, error.unreachable());
        }
        long delay = backoff.nextMillis(3);
        boolean time = deadlineNanos - System.nanoTime() > TimeUnit.MILLISECONDS.toNanos(delay);
        if (error.unavailable() && !delivered && time) {
            scans.transport().schedule(() -> serial.execute(this::open), delay);
        } else if (error.code() == Status.Code.OK) {
            end(Errors.exception(
                    new Errors.WireError(
                            Status.Code.UNAVAILABLE,
                            "",
                            "the scan was cut off before its last part: start it again",
                            java.util.Map.of(),
                            0),
                    Outcome.NOT_APPLIED,
                    null));
        } else {
            end(Errors.exception(error, Outcome.NOT_APPLIED, null));
        }
    }

    private void cancelCall() {
        ClientCall<?, ?> running = call;
        if (running != null) {
            call = null;
            running.cancel("the scan has ended", null);
        }
    }

    private void end(@Nullable Throwable error) {
        if (ended) {
            return;
        }
        quit();
        if (error == null) {
            subscriber.onComplete();
        } else {
            subscriber.onError(error);
        }
    }
}
