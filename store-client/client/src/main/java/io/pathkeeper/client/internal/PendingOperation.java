package io.pathkeeper.client.internal;

import com.google.protobuf.MessageLite;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.v1.PipelineOperation;
import io.pathkeeper.v1.PipelineResult;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One read or write on its way. Made by the caller, then owned by the I/O thread until it is settled; a callback thread completes
 * the future.
 *
 * <pre>
 * new -> waiting -> sent -> settled          settled: answered, failed, or out of time
 *           ^         |
 *           +---------+  broken stream, or an answer that allows to send it again
 * </pre>
 *
 * @param <R> what the call returns
 */
abstract class PendingOperation<R> {
    final CompletableFuture<R> future = new CompletableFuture<>();
    final String path;
    final boolean write;
    final long deadlineNanos;
    final long timeoutMillis;
    final int sizeBytes;

    /** Next older operation in the engine's inbox. */
    @Nullable
    PendingOperation<?> next;

    long correlationId;
    long sequence;
    boolean settled;
    /** How often a stream broke with an error of its own while this operation was alone on it. */
    int failuresAlone;
    /** A write that was sent and may have been applied, since no answer said otherwise. */
    boolean maybeApplied;
    /** The last trouble on the way; told when the time is over. */
    Errors.@Nullable WireError lastError;

    PendingOperation(String path, boolean write, MessageLite request, long timeoutNanos) {
        this.path = path;
        this.write = write;
        this.sizeBytes = request.getSerializedSize() + 32;
        this.deadlineNanos = System.nanoTime() + timeoutNanos;
        this.timeoutMillis = timeoutNanos / 1_000_000;
    }

    /**
     * Puts the request into the operation. Called again for each time that it is sent.
     *
     * @param seenRevision what reads that are not linearizable must have reached; 0 for no bound
     */
    abstract void encode(PipelineOperation.Builder operation, long seenRevision);

    /** Whether the result is one that this call can have. */
    abstract boolean accepts(PipelineResult.ResultCase kind);

    /** Makes the result of the call; runs on a callback thread. */
    abstract R decode(PipelineResult result, long headerRevision);

    /** {@link System#nanoTime()} at which the call was made, to the millisecond. */
    final long begunNanos() {
        return deadlineNanos - timeoutMillis * 1_000_000;
    }

    /** What is known about the effect when no answer ever comes. */
    Outcome outcomeWithoutAnswer() {
        return write && maybeApplied ? Outcome.UNKNOWN : Outcome.NOT_APPLIED;
    }

    /** What is known about the effect when the answer is this error. */
    Outcome outcome(Errors.WireError error) {
        if (!write) {
            return Outcome.NOT_APPLIED;
        }
        return error.saysNothingOfEarlierAttempts() && maybeApplied ? Outcome.UNKNOWN : error.outcome();
    }

    /** Completes the future with the result; runs on a callback thread. */
    final void complete(PipelineResult result, long headerRevision) {
        R value;
        try {
            value = decode(result, headerRevision);
        } catch (RuntimeException e) {
            Outcome outcome = write ? Outcome.UNKNOWN : Outcome.NOT_APPLIED;
            future.completeExceptionally(
                    Errors.protocol("the answer about " + path + " cannot be read: " + e, outcome));
            return;
        }
        future.complete(value);
    }

    /** Completes the future with an error; runs on a callback thread. */
    final void fail(PathkeeperException error) {
        future.completeExceptionally(error);
    }
}
