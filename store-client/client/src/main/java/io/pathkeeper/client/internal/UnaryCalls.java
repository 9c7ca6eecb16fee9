package io.pathkeeper.client.internal;

import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.error.Reason;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Calls with one request and one answer, beside the pipeline: repeated at other servers until the time is over, since they change nothing or
 * carry a request id. Any thread.
 */
final class UnaryCalls {
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** The attempt comes when the time is over, not when it is about to be. */
    private static final long PATIENCE_MARGIN_MILLIS = 5;

    private final Transport transport;
    private final RotatingChannel channel;
    private final Refusals refusals;
    private final OpenCalls openCalls;
    private final Executor callbacks;

    UnaryCalls(
            Transport transport, RotatingChannel channel, Refusals refusals, OpenCalls openCalls, Executor callbacks) {
        this.transport = transport;
        this.channel = channel;
        this.refusals = refusals;
        this.openCalls = openCalls;
        this.callbacks = callbacks;
    }

    /** Returns for how long one server may be silent, of the time that a call has: the same request may be sent to the next one then. */
    static long patience(long timeoutNanos) {
        return Math.max(SILENCE_NANOS, timeoutNanos / 3);
    }

    /** Asks some server. */
    <Q, A, R> CompletableFuture<R> call(
            MethodDescriptor<Q, A> method, Q request, long timeoutNanos, Function<A, R> decoder) {
        return start(new Attempt<>(method, request, decoder, timeoutNanos, Kind.READ));
    }

    /** Asks some server for what it has to gather from others first: it may take all the time. */
    <Q, A, R> CompletableFuture<R> gather(
            MethodDescriptor<Q, A> method, Q request, long timeoutNanos, Function<A, R> decoder) {
        return start(new Attempt<>(method, request, decoder, timeoutNanos, Kind.GATHERING_READ));
    }

    /** Has some server carry out a request that is harmless to repeat, since it carries a request id. */
    <Q, A, R> CompletableFuture<R> write(
            MethodDescriptor<Q, A> method, Q request, long timeoutNanos, Function<A, R> decoder) {
        return start(new Attempt<>(method, request, decoder, timeoutNanos, Kind.NAMED_WRITE));
    }

    /** Has some server carry out a request without a request id that may be carried out twice. */
    <Q, A, R> CompletableFuture<R> change(
            MethodDescriptor<Q, A> method, Q request, long timeoutNanos, Function<A, R> decoder) {
        return start(new Attempt<>(method, request, decoder, timeoutNanos, Kind.CHANGE));
    }

    /** Has some server carry out a request that is not sent again once it may have been carried out, and that may take all the time. */
    <Q, A, R> CompletableFuture<R> once(
            MethodDescriptor<Q, A> method, Q request, long timeoutNanos, Function<A, R> decoder) {
        return start(new Attempt<>(method, request, decoder, timeoutNanos, Kind.ONCE));
    }

    private enum Kind {
        READ,
        /** The server that is asked waits for others: that it says nothing yet does not tell that it is silent. */
        GATHERING_READ,
        /** A refusal of a repetition is the answer to the first one, too. */
        NAMED_WRITE,
        /** A refusal of a repetition tells nothing of those before: what is to be deleted may be gone because of them. */
        CHANGE,
        /** Nothing but what certainly was not carried out is repeated. */
        ONCE
    }

    private <R> CompletableFuture<R> start(Attempt<?, ?, R> attempt) {
        endWithClient(attempt.future);
        attempt.start();
        return attempt.future;
    }

    /** Asks the server at an address, once, over a connection for this call; an address that cannot be one fails it. */
    <Q, A, R> CompletableFuture<R> callAt(
            String address, MethodDescriptor<Q, A> method, Q request, long timeoutNanos, Function<A, R> decoder) {
        CompletableFuture<R> future = new CompletableFuture<>();
        endWithClient(future);
        if (future.isDone()) {
            return future;
        }
        String server;
        try {
            server = ClientSettings.normalizeAddress(address);
        } catch (IllegalArgumentException e) {
            future.completeExceptionally(Errors.invalid(Reason.ARGUMENT_INVALID, e, Map.of()));
            return future;
        }
        ManagedChannel own = transport.open(server);
        start(own, method, request, timeoutNanos, (answer, error) -> {
            own.shutdown();
            callbacks.execute(() -> {
                if (answer != null) {
                    future.complete(decoder.apply(answer));
                } else if (error != null) {
                    future.completeExceptionally(Errors.exception(error, Outcome.NOT_APPLIED, null));
                }
            });
        });
        return future;
    }

    /** Fails the future when the client is closed before it is complete. */
    private void endWithClient(CompletableFuture<?> future) {
        Runnable fail = () -> future.completeExceptionally(Errors.closed(Outcome.NOT_APPLIED));
        if (openCalls.add(fail)) {
            future.whenComplete((answer, error) -> openCalls.remove(fail));
        } else {
            fail.run();
        }
    }

    /** Takes the end of a call: an answer or an error. */
    interface Answered<A> {
        void accept(@Nullable A answer, Errors.@Nullable WireError error);
    }

    /** Makes one call; the end is told by an I/O thread or by this one. */
    static <Q, A> void start(
            ManagedChannel channel, MethodDescriptor<Q, A> method, Q request, long timeoutNanos, Answered<A> then) {
        ClientCall<Q, A> call = channel.newCall(
                method,
                CallOptions.DEFAULT
                        .withExecutor(MoreExecutors.directExecutor())
                        .withDeadlineAfter(timeoutNanos, TimeUnit.NANOSECONDS));
        call.start(
                new ClientCall.Listener<>() {
                    private @Nullable A answer;

                    @Override
                    public void onMessage(A message) {
                        answer = message;
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        if (status.isOk() && answer != null) {
                            then.accept(answer, null);
                        } else {
                            then.accept(null, Errors.of(status.isOk() ? Status.INTERNAL : status, trailers));
                        }
                    }
                },
                new Metadata());
        call.request(2);
        call.sendMessage(request);
        call.halfClose();
    }

    /** One call with its repetitions; each step runs when the one before has ended. */
    private final class Attempt<Q, A, R> {
        final CompletableFuture<R> future = new CompletableFuture<>();
        private final MethodDescriptor<Q, A> method;
        private final Q request;
        private final Function<A, R> decoder;
        private final long timeoutNanos;
        private final long deadlineNanos;
        private final Kind kind;
        private final boolean write;
        private final Backoff backoff = new Backoff();
        /** Of a write: it was sent and may have been applied, since no answer said otherwise. */
        private boolean maybeApplied;

        Attempt(MethodDescriptor<Q, A> method, Q request, Function<A, R> decoder, long timeoutNanos, Kind kind) {
            this.method = method;
            this.request = request;
            this.decoder = decoder;
            this.timeoutNanos = timeoutNanos;
            this.deadlineNanos = System.nanoTime() + timeoutNanos;
            this.kind = kind;
            this.write = kind != Kind.READ && kind != Kind.GATHERING_READ;
        }

        void start() {
            RotatingChannel.Lease lease;
            try {
                lease = channel.acquire();
            } catch (PathkeeperException e) {
                future.completeExceptionally(e);
                return;
            }
            long left = Math.max(1, deadlineNanos - System.nanoTime());
            if (kind != Kind.ONCE && kind != Kind.GATHERING_READ) {
                left = Math.min(left, patience(timeoutNanos));
            }
            UnaryCalls.start(lease.channel(), method, request, left, (answer, error) -> {
                if (answer != null) {
                    refusals.reached();
                    callbacks.execute(() -> future.complete(decoder.apply(answer)));
                } else if (error != null) {
                    failed(lease, error);
                }
            });
        }

        /** While servers refuse, the next attempt comes when this call has waited long enough, if not before: it is the last one then. */
        private long notBeyondPatience(long delayMillis, long begun) {
            long left = refusals.any() ? TimeUnit.NANOSECONDS.toMillis(refusals.left(begun)) : 0;
            return left <= 0 ? delayMillis : Math.min(delayMillis, left + PATIENCE_MARGIN_MILLIS);
        }

        private void failed(RotatingChannel.Lease lease, Errors.WireError error) {
            boolean silent = error.code() == Status.Code.DEADLINE_EXCEEDED
                    && error.reason().isEmpty();
            if (error.code() == Status.Code.UNAVAILABLE || silent) {
                channel.failed(lease, error.unreachable());
            }
            if (error.unreachable()) {
                refusals.refused(lease.address(), error.message());
            } else if (!silent) {
                refusals.reached();
            }
            maybeApplied |= write && error.outcome() == Outcome.UNKNOWN && !error.unconnected();
            long begun = deadlineNanos - timeoutNanos;
            Errors.WireError nobody = refusals.error();
            if (nobody != null && refusals.left(begun) <= 0) {
                Outcome outcome = maybeApplied ? Outcome.UNKNOWN : Outcome.NOT_APPLIED;
                callbacks.execute(() -> future.completeExceptionally(Errors.exception(nobody, outcome, null)));
                return;
            }
            long delay = backoff.nextMillis(3);
            boolean again = kind == Kind.ONCE ? error.unavailable() && !maybeApplied : error.unavailable() || silent;
            if (again && deadlineNanos - System.nanoTime() > TimeUnit.MILLISECONDS.toNanos(delay)) {
                transport.schedule(this::start, notBeyondPatience(delay, begun));
                return;
            }
            boolean late = error.unavailable() || error.code() == Status.Code.DEADLINE_EXCEEDED;
            PathkeeperException failure = late
                    ? Errors.timeout(
                            "the call " + method.getBareMethodName(),
                            TimeUnit.NANOSECONDS.toMillis(timeoutNanos),
                            maybeApplied ? Outcome.UNKNOWN : Outcome.NOT_APPLIED,
                            error)
                    : Errors.exception(error, outcome(error), null);
            callbacks.execute(() -> future.completeExceptionally(failure));
        }

        private Outcome outcome(Errors.WireError error) {
            if (!write) {
                return Outcome.NOT_APPLIED;
            }
            boolean open = kind == Kind.CHANGE || error.saysNothingOfEarlierAttempts();
            return open && maybeApplied ? Outcome.UNKNOWN : error.outcome();
        }
    }
}
