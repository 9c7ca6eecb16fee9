package io.pathkeeper.client.internal;

import io.grpc.Status;
import io.pathkeeper.client.coordination.LockGrant;
import io.pathkeeper.client.coordination.LockRequest;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.v1.LockServiceGrpc;
import io.pathkeeper.v1.TryAcquireLockRequest;
import io.pathkeeper.v1.TryAcquireLockResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request for a lock that does not wait longer than it was told, with as many calls as it takes, each under a holder id of its own for the
 * reason of {@link LockAcquisition}. All state is owned by the sequence of callbacks.
 */
final class TryAcquisition {
    private static final long MIN_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final CoordinationCalls calls;
    private final LockRequest request;
    private final Executor serial;
    private final long waitEndNanos;
    private final long deadlineNanos;
    private final CompletableFuture<Optional<LockGrant>> result = new CompletableFuture<>();
    private final Backoff backoff = new Backoff();
    private final Runnable onClientClose = () -> this.fail(Errors.closed(Outcome.UNKNOWN));
    private String holderId;
    private int attempts;

    TryAcquisition(CoordinationCalls calls, LockRequest request, Duration wait) {
        this.calls = calls;
        this.request = request;
        this.serial = calls.callbacks().get();
        this.holderId = request.holderId();
        this.waitEndNanos = System.nanoTime() + wait.toNanos();
        this.deadlineNanos = waitEndNanos + calls.requestTimeoutNanos();
    }

    CompletableFuture<Optional<LockGrant>> start() {
        if (calls.streams().openCalls().add(onClientClose)) {
            result.whenComplete((grant, error) -> calls.streams().openCalls().remove(onClientClose));
            serial.execute(this::ask);
        } else {
            onClientClose.run();
        }
        return result;
    }

    private void ask() {
        if (result.isDone()) {
            return;
        }
        RotatingChannel.Lease lease;
        TryAcquireLockRequest asked;
        long wait = Math.max(0, waitEndNanos - System.nanoTime());
        try {
            attempts++;
            if (attempts > 1) {
                calls.abandon(request, holderId);
                holderId = request.holderId() + "~" + attempts;
            }
            asked = TryAcquireLockRequest.newBuilder()
                    .setLock(CoordinationProto.lock(request, holderId))
                    .setWaitMs(TimeUnit.NANOSECONDS.toMillis(wait))
                    .build();
            lease = calls.streams().channel().acquire();
        } catch (PathkeeperException e) {
            fail(e);
            return;
        }
        long patience = wait + Math.max(MIN_SILENCE_NANOS, calls.requestTimeoutNanos() / 3);
        UnaryCalls.start(
                lease.channel(),
                LockServiceGrpc.getTryAcquireLockMethod(),
                asked,
                patience,
                (answer, error) -> serial.execute(() -> take(lease, answer, error)));
    }

    private void take(
            RotatingChannel.Lease lease, @Nullable TryAcquireLockResponse answer, Errors.@Nullable WireError error) {
        if (answer != null && answer.getAcquired()) {
            LockGrant grant =
                    new DefaultLockGrant(calls, request.path(), request.session(), holderId, answer.getToken());
            if (!result.complete(Optional.of(grant))) {
                calls.abandon(request, holderId);
            }
        } else if (answer != null) {
            result.complete(Optional.empty());
        } else if (error != null) {
            failed(lease, error);
        }
    }

    private void failed(RotatingChannel.Lease lease, Errors.WireError error) {
        boolean silent = error.code() == Status.Code.DEADLINE_EXCEEDED;
        if (ResumingCall.isRefusal(error)) {
            fail(Errors.exception(error, Outcome.NOT_APPLIED, null));
            return;
        }
        if (error.code() == Status.Code.UNAVAILABLE || silent) {
            calls.streams().channel().failed(lease, error.unreachable());
        }
        long delay = backoff.nextMillis(3);
        if (deadlineNanos - System.nanoTime() > TimeUnit.MILLISECONDS.toNanos(delay)) {
            calls.streams().transport().schedule(() -> serial.execute(this::ask), delay);
        } else {
            calls.abandon(request, holderId);
            fail(Errors.timeout(
                    "the lock " + request.path(),
                    TimeUnit.NANOSECONDS.toMillis(calls.requestTimeoutNanos()),
                    Outcome.UNKNOWN,
                    error));
        }
    }

    private void fail(PathkeeperException error) {
        serial.execute(() -> result.completeExceptionally(error));
    }
}
