package io.pathkeeper.client.internal;

import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.observe.ObserveFrame;
import io.pathkeeper.client.observe.ObserveRequest;
import io.pathkeeper.v1.ObserveResponse;
import io.pathkeeper.v1.ObserveServiceGrpc;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One observation for one subscriber, over as many streams as it takes. All of its state is owned by its sequence of callbacks; the I/O thread
 * only hands over. So many frames are asked of the server as the subscriber wants, {@link #READ_AHEAD} at most, so that a slow
 * subscriber slows down the server and nothing piles up here.
 *
 * <pre>
 * opening -> streaming -> (break, silence) -> waiting for its turn -> opening ...   ended: cancelled, complete, refused
 * </pre>
 */
final class ObserveSubscription implements Flow.Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(ObserveSubscription.class);
    private static final int READ_AHEAD = 4;
    private static final int MAX_START_JITTER_MILLIS = 500;

    private final Observations context;
    private final ObserveRequest request;
    private final Flow.Subscriber<? super ObserveFrame> subscriber;
    private final Executor serial;
    private final ObservePosition progress;
    private final Backoff backoff = new Backoff();
    private final ArrayDeque<ObserveFrame> ready = new ArrayDeque<>();
    private final Runnable onClientClose = this::complete;
    private @Nullable ClientCall<io.pathkeeper.v1.ObserveRequest, ObserveResponse> call;
    private RotatingChannel.@Nullable Lease lease;
    private long demand;
    private int asked;
    private long lastHeardNanos;
    private boolean ended;

    ObserveSubscription(
            Observations context,
            ObserveRequest request,
            Flow.Subscriber<? super ObserveFrame> subscriber,
            Executor serial) {
        this.context = context;
        this.request = request;
        this.subscriber = subscriber;
        this.serial = serial;
        this.progress = new ObservePosition(request);
    }

    void start() {
        serial.execute(() -> {
            subscriber.onSubscribe(this);
            if (context.openCalls().add(onClientClose)) {
                open();
                watchLater();
            } else {
                end(null);
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
                deliver();
            }
        });
    }

    @Override
    public void cancel() {
        serial.execute(this::quit);
    }

    /** Ends the observation and tells the subscriber that it is complete. */
    void complete() {
        serial.execute(() -> end(null));
    }

    private void open() {
        if (ended) {
            return;
        }
        RotatingChannel.Lease taken;
        try {
            taken = context.channel().acquire();
        } catch (PathkeeperException e) {
            end(null);
            return;
        }
        ClientCall<io.pathkeeper.v1.ObserveRequest, ObserveResponse> opened = taken.channel()
                .newCall(
                        ObserveServiceGrpc.getObserveMethod(),
                        CallOptions.DEFAULT.withExecutor(MoreExecutors.directExecutor()));
        lease = taken;
        call = opened;
        asked = 0;
        lastHeardNanos = System.nanoTime();
        opened.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(ObserveResponse message) {
                        serial.execute(() -> message(opened, message));
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        serial.execute(() -> closed(opened, Errors.of(status, trailers)));
                    }
                },
                new Metadata());
        opened.sendMessage(progress.nextRequest(context.seenRevision()));
        opened.halfClose();
        ask();
    }

    private void ask() {
        ClientCall<?, ?> running = call;
        if (running == null || ended) {
            return;
        }
        long wanted = Math.min(READ_AHEAD, demand - ready.size());
        if (progress.isInside()) {
            // The rest of a revision is needed before any of it can be told.
            wanted = Math.max(1, wanted);
        }
        if (wanted > asked) {
            if (asked == 0) {
                lastHeardNanos = System.nanoTime();
            }
            running.request((int) (wanted - asked));
            asked = (int) wanted;
        }
    }

    private void message(ClientCall<?, ?> from, ObserveResponse message) {
        if (ended || from != call) {
            return;
        }
        asked--;
        lastHeardNanos = System.nanoTime();
        backoff.reset();
        List<ObserveFrame> frames = new ArrayList<>(2);
        boolean good = progress.take(message, frames);
        context.seen(message.getHeader().getRevision());
        ready.addAll(frames);
        deliver();
        if (!good) {
            LOG.warn("the observation of {} breaks its own order, it is started again", request.targets());
            reconnect("the frames are out of order", false);
        }
    }

    private void deliver() {
        while (!ended && demand > 0 && !ready.isEmpty()) {
            ObserveFrame frame = ready.remove();
            demand--;
            try {
                subscriber.onNext(frame);
            } catch (RuntimeException e) {
                quit();
                throw e;
            }
            if (request.once() && frame instanceof ObserveFrame.Events) {
                end(null);
            }
        }
        ask();
    }

    private void closed(ClientCall<?, ?> from, Errors.WireError error) {
        if (ended || from != call) {
            return;
        }
        if (isRefusal(error)) {
            end(Errors.exception(error, Outcome.NOT_APPLIED, null));
        } else {
            reconnect(error.message(), error.unreachable());
        }
    }

    /** Whether the same request would end in the same way at any server. */
    private boolean isRefusal(Errors.WireError error) {
        return switch (error.code()) {
            case INVALID_ARGUMENT,
                    OUT_OF_RANGE,
                    PERMISSION_DENIED,
                    UNAUTHENTICATED,
                    NOT_FOUND,
                    FAILED_PRECONDITION,
                    UNIMPLEMENTED -> true;
            case RESOURCE_EXHAUSTED ->
                error.reason().isEmpty()
                        || error.reason().equals(Reason.REQUEST_TOO_LARGE)
                        || (error.reason().equals(Reason.QUOTA_EXCEEDED) && !progress.isCreated());
            default -> false;
        };
    }

    private void reconnect(String why, boolean unreachable) {
        ClientCall<?, ?> broken = call;
        RotatingChannel.Lease left = lease;
        call = null;
        if (broken != null) {
            broken.cancel(why, null);
        }
        if (left != null) {
            context.channel().failed(left, unreachable);
        }
        progress.streamBroken();
        long delay = backoff.nextMillis(1) + ThreadLocalRandom.current().nextInt(MAX_START_JITTER_MILLIS + 1);
        LOG.debug("an observation reconnects progress={} delayMillis={} why={}", progress, delay, why);
        context.transport().schedule(() -> serial.execute(this::open), delay);
    }

    private void watchLater() {
        long interval = request.progressInterval().toMillis();
        context.transport().schedule(() -> serial.execute(this::watch), interval);
    }

    /** Gives up a stream that was asked for frames and is silent for three progress intervals. */
    private void watch() {
        if (ended) {
            return;
        }
        long silence = System.nanoTime() - lastHeardNanos;
        if (call != null
                && asked > 0
                && silence > 3 * request.progressInterval().toNanos()) {
            reconnect("no frame for " + silence / 1_000_000 + " ms", true);
        }
        watchLater();
    }

    private void quit() {
        ended = true;
        ready.clear();
        context.openCalls().remove(onClientClose);
        ClientCall<?, ?> running = call;
        if (running != null) {
            call = null;
            running.cancel("the observation has ended", null);
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
