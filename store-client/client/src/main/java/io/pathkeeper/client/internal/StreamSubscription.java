package io.pathkeeper.client.internal;

import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.PathkeeperException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * One call with many answers, a scan or a backup, for one subscriber. All of its state is owned by its sequence of callbacks; the I/O thread only hands over. At most one answer is
 * asked of the server ahead of what was delivered, so a slow subscriber slows down the server and nothing piles up here.
 *
 * @param <Q> the request
 * @param <R> an answer as it comes
 * @param <T> an answer as the subscriber gets it
 */
final class StreamSubscription<Q, R, T> implements Flow.Subscription {
    /**
     * What kind of call it is.
     *
     * @param name with its article, for messages
     * @param method its method
     * @param convert makes what the subscriber gets
     * @param revision of an answer; 0 when it tells none
     * @param last whether an answer is the last one
     */
    record Kind<Q, R, T>(
            String name,
            MethodDescriptor<Q, R> method,
            Function<R, T> convert,
            ToLongFunction<R> revision,
            Predicate<R> last) {}

    private final Scans scans;
    private final Kind<Q, R, T> kind;
    private final Supplier<Q> request;
    private final Flow.Subscriber<? super T> subscriber;
    private final Executor serial;
    private final long deadlineNanos;
    private final long timeoutMillis;
    private final Backoff backoff = new Backoff();
    private final Runnable onClientClose = this::clientClosed;
    private @Nullable ClientCall<Q, R> call;
    private long demand;
    private boolean asked;
    private boolean delivered;
    private boolean complete;
    private boolean ended;

    StreamSubscription(
            Scans scans,
            Kind<Q, R, T> kind,
            Supplier<Q> request,
            Flow.Subscriber<? super T> subscriber,
            Executor serial,
            long timeoutNanos) {
        this.scans = scans;
        this.kind = kind;
        this.request = request;
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
        ClientCall<Q, R> opened = lease.channel()
                .newCall(kind.method(), CallOptions.DEFAULT.withExecutor(MoreExecutors.directExecutor()));
        call = opened;
        asked = false;
        opened.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(R message) {
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

    /** The time for the first answer is over, if one was asked for. */
    private void watch(ClientCall<?, ?> watched) {
        if (watched == call && asked && !delivered) {
            end(Errors.timeout(kind.name(), timeoutMillis, Outcome.NOT_APPLIED, null));
        }
    }

    private void ask() {
        if (!ended && !asked && demand > 0 && call != null) {
            asked = true;
            call.request(1);
        }
    }

    private void message(ClientCall<?, ?> from, R message) {
        if (ended || from != call) {
            return;
        }
        scans.seen().advance(kind.revision().applyAsLong(message));
        asked = false;
        delivered = true;
        complete = kind.last().test(message);
        demand--;
        // The next answer travels while this one is taken.
        ask();
        try {
            subscriber.onNext(kind.convert().apply(message));
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
                            kind.name() + " was cut off before its last part: start it again",
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
            running.cancel(kind.name() + " has ended", null);
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
