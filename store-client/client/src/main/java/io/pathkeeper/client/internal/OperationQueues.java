package io.pathkeeper.client.internal;

import io.grpc.Status;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.v1.PipelineOperation;
import io.pathkeeper.v1.PipelineRequest;
import io.pathkeeper.v1.PipelineResponse;
import io.pathkeeper.v1.PipelineResult;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The operations of one client in their order: what waits, what is under way, and what the server could not do now. Owned by the engine
 * thread; knows no connection and no clock.
 *
 * <p>Invariants: {@code refused}, then {@code inFlight}, then {@code waiting} hold all operations in the order of the calls. Writes are numbered
 * in that order when they come in and keep their number. Nothing is sent while {@code refused} is not empty. An operation is sent again
 * only when nothing behind it can have been carried out before it, or when the server remembers its number.
 */
final class OperationQueues {
    private static final int MAX_OPERATIONS = 4_096;
    private static final int MAX_BYTES = 1 << 20;
    /** Servers remember the results of 10,000 writes of a client; what is under way must be among them. */
    private static final int MAX_IN_FLIGHT = 8_192;

    private static final int MAX_FAILURES_ALONE = 2;

    private final ArrayDeque<PendingOperation<?>> waiting = new ArrayDeque<>();
    private final ArrayDeque<PendingOperation<?>> inFlight = new ArrayDeque<>();
    private final ArrayDeque<PendingOperation<?>> refused = new ArrayDeque<>();
    private final ArrayDeque<PendingOperation<?>> openWrites = new ArrayDeque<>();
    private final Completions completions;
    private long nextSequence = 1;
    private long nextCorrelation = 1;
    /** So many operations at the head are sent one by one, since one of them may be what broke a stream. */
    private int suspects;

    OperationQueues(Completions completions) {
        this.completions = completions;
    }

    void add(PendingOperation<?> operation) {
        operation.correlationId = nextCorrelation++;
        if (operation.write) {
            operation.sequence = nextSequence++;
            openWrites.add(operation);
        }
        waiting.add(operation);
    }

    boolean isEmpty() {
        return waiting.isEmpty() && inFlight.isEmpty() && refused.isEmpty();
    }

    boolean nothingInFlight() {
        return inFlight.isEmpty();
    }

    boolean hasRefused() {
        return !refused.isEmpty();
    }

    /** Whether something can be put into a message now. */
    boolean canSend() {
        return !waiting.isEmpty()
                && refused.isEmpty()
                && (suspects == 0 ? inFlight.size() < MAX_IN_FLIGHT : inFlight.isEmpty());
    }

    /**
     * Takes what waits, up to the limits of a message; null when all of it had been cancelled.
     *
     * @param clientId put into the message when not empty
     * @param seenRevision for reads that are not linearizable; 0 for no bound
     */
    @Nullable
    PipelineRequest nextMessage(String clientId, long seenRevision) {
        PipelineRequest.Builder message = PipelineRequest.newBuilder();
        int count = suspects > 0 ? 1 : Math.min(MAX_OPERATIONS, MAX_IN_FLIGHT - inFlight.size());
        long bytes = 0;
        PendingOperation<?> operation;
        while (message.getOperationsCount() < count && (operation = waiting.peek()) != null) {
            if (operation.future.isDone()) {
                waiting.poll();
                operation.settled = true;
                completions.release(operation);
                continue;
            }
            bytes += operation.sizeBytes;
            if (bytes > MAX_BYTES && message.getOperationsCount() > 0) {
                break;
            }
            waiting.poll();
            PipelineOperation.Builder encoded = PipelineOperation.newBuilder()
                    .setCorrelationId(operation.correlationId)
                    .setSequence(operation.sequence);
            operation.encode(encoded, seenRevision);
            message.addOperations(encoded.build());
            inFlight.add(operation);
        }
        if (message.getOperationsCount() == 0) {
            return null;
        }
        return message.setClientId(clientId)
                .setAcknowledgedBelow(acknowledgedBelow())
                .build();
    }

    /** The number below which no write will ever be sent again. */
    private long acknowledgedBelow() {
        PendingOperation<?> oldest;
        while ((oldest = openWrites.peek()) != null && oldest.settled) {
            openWrites.poll();
        }
        return oldest == null ? nextSequence : oldest.sequence;
    }

    /**
     * Takes the answers of one message.
     *
     * @return false when they are not the answers to what is under way: the stream cannot be trusted
     */
    boolean answered(PipelineResponse response) {
        long revision = response.getHeader().getRevision();
        for (PipelineResult result : response.getResultsList()) {
            PendingOperation<?> operation = inFlight.peek();
            if (operation == null || operation.correlationId != result.getCorrelationId()) {
                return false;
            }
            inFlight.poll();
            suspects = Math.max(0, suspects - 1);
            if (result.hasError()) {
                error(operation, Errors.of(result.getError()));
            } else {
                refusedAreOvertaken(operation.write, true);
                success(operation, result, revision);
            }
        }
        return true;
    }

    private void success(PendingOperation<?> operation, PipelineResult result, long revision) {
        if (operation.settled) {
            completions.release(operation);
            return;
        }
        operation.settled = true;
        if (operation.accepts(result.getResultCase())) {
            completions.succeed(operation, result, revision);
        } else {
            Outcome outcome = operation.write ? Outcome.UNKNOWN : Outcome.NOT_APPLIED;
            String message = "the answer about " + operation.path + " is of the kind " + result.getResultCase();
            completions.fail(operation, Errors.protocol(message, outcome), true);
        }
    }

    private void error(PendingOperation<?> operation, Errors.WireError error) {
        if (!error.unavailable()) {
            refusedAreOvertaken(operation.write, false);
            if (operation.settled) {
                completions.release(operation);
            } else {
                operation.settled = true;
                completions.fail(operation, Errors.exception(error, operation.outcome(error), null), true);
            }
        } else if (operation.settled) {
            completions.release(operation);
        } else {
            operation.lastError = error;
            operation.maybeApplied |= operation.write && error.outcome() == Outcome.UNKNOWN;
            refused.add(operation);
        }
    }

    /**
     * Something behind the refused operations was carried out, so that they would come too late: a write behind any answer, a read
     * behind a write.
     */
    private void refusedAreOvertaken(boolean byWrite, boolean applied) {
        if (refused.isEmpty()) {
            return;
        }
        for (Iterator<PendingOperation<?>> all = refused.iterator(); all.hasNext(); ) {
            PendingOperation<?> operation = all.next();
            if (operation.write || (byWrite && applied)) {
                all.remove();
                giveUp(operation);
            }
        }
    }

    private void giveUp(PendingOperation<?> operation) {
        if (operation.settled) {
            completions.release(operation);
            return;
        }
        operation.settled = true;
        Errors.WireError error = operation.lastError;
        Outcome outcome = operation.outcomeWithoutAnswer();
        completions.fail(
                operation,
                error == null
                        ? Errors.protocol("no answer about " + operation.path, outcome)
                        : Errors.exception(error, outcome, null),
                true);
    }

    /** The refused operations may be sent again: everything behind them is answered. Returns the last refusal. */
    Errors.@Nullable WireError takeRefused() {
        Errors.WireError last = null;
        while (!refused.isEmpty()) {
            PendingOperation<?> operation = refused.pollLast();
            last = last == null ? operation.lastError : last;
            if (operation.settled) {
                completions.release(operation);
            } else {
                waiting.addFirst(operation);
            }
        }
        return last;
    }

    /** The stream is gone: what was under way waits again, in front, in order. */
    void streamBroken(Errors.WireError error) {
        if (!refused.isEmpty() && !inFlight.isEmpty()) {
            boolean writes = inFlight.stream().anyMatch(operation -> operation.write);
            refusedAreOvertaken(writes, true);
        }
        if (isSuspicious(error)) {
            PendingOperation<?> alone = inFlight.size() == 1 ? inFlight.peek() : null;
            if (alone != null && ++alone.failuresAlone >= MAX_FAILURES_ALONE) {
                inFlight.poll();
                suspects = Math.max(0, suspects - 1);
                alone.maybeApplied |= alone.write;
                alone.lastError = error;
                giveUp(alone);
            }
            suspects = Math.max(suspects, inFlight.size());
        }
        PendingOperation<?> operation;
        while ((operation = inFlight.pollLast()) != null) {
            if (operation.settled) {
                completions.release(operation);
                suspects = Math.max(0, suspects - 1);
            } else {
                operation.maybeApplied |= operation.write;
                operation.lastError = error;
                waiting.addFirst(operation);
            }
        }
        takeRefused();
    }

    private static boolean isSuspicious(Errors.WireError error) {
        Status.Code code = error.code();
        return !error.unavailable()
                && code != Status.Code.UNAVAILABLE
                && code != Status.Code.CANCELLED
                && code != Status.Code.DEADLINE_EXCEEDED
                && code != Status.Code.OK;
    }

    /** Notes trouble for the operations that have not been sent, so that they can tell of it when their time is over. */
    void noteTrouble(Errors.WireError error) {
        for (PendingOperation<?> operation : waiting) {
            operation.lastError = error;
        }
    }

    /** Fails what is out of time. Returns the earliest deadline of the rest; {@code Long.MAX_VALUE} from now when there is none. */
    long expire(long nowNanos) {
        long left = Math.min(
                expire(waiting, nowNanos, true),
                Math.min(expire(refused, nowNanos, true), expire(inFlight, nowNanos, false)));
        return left;
    }

    private long expire(ArrayDeque<PendingOperation<?>> queue, long nowNanos, boolean remove) {
        long least = Long.MAX_VALUE;
        for (Iterator<PendingOperation<?>> all = queue.iterator(); all.hasNext(); ) {
            PendingOperation<?> operation = all.next();
            long left = operation.deadlineNanos - nowNanos;
            if (operation.settled) {
                continue;
            } else if (left > 0) {
                least = Math.min(least, left);
                continue;
            }
            operation.settled = true;
            operation.maybeApplied |= operation.write && !remove;
            if (remove) {
                all.remove();
            }
            completions.fail(
                    operation,
                    Errors.timeout(
                            "the " + (operation.write ? "write to " : "read of ") + operation.path,
                            operation.timeoutMillis,
                            operation.outcomeWithoutAnswer(),
                            operation.lastError),
                    remove);
        }
        return least;
    }

    /** Fails what waits and is chosen: no server can be reached. */
    void failRefused(Predicate<PendingOperation<?>> chosen, Errors.WireError error) {
        for (Iterator<PendingOperation<?>> all = waiting.iterator(); all.hasNext(); ) {
            PendingOperation<?> operation = all.next();
            if (!operation.settled && chosen.test(operation)) {
                all.remove();
                operation.settled = true;
                completions.fail(operation, Errors.exception(error, operation.outcomeWithoutAnswer(), null), true);
            }
        }
    }

    /** The server will not have this client: fails everything. Not carried out is what was refused with the stream as a whole. */
    void refuseAll(Errors.WireError error) {
        boolean maybe = error.outcome() == Outcome.UNKNOWN;
        inFlight.forEach(operation -> operation.maybeApplied |= operation.write && maybe);
        suspects = 0;
        endAll(operation -> Errors.exception(error, operation.outcomeWithoutAnswer(), null));
    }

    /** Fails everything: the client is closed, or its engine has failed. */
    void close() {
        inFlight.forEach(operation -> operation.maybeApplied |= operation.write);
        endAll(operation -> Errors.closed(operation.outcomeWithoutAnswer()));
    }

    private void endAll(Function<PendingOperation<?>, PathkeeperException> failure) {
        for (ArrayDeque<PendingOperation<?>> queue : java.util.List.of(refused, inFlight, waiting)) {
            PendingOperation<?> operation;
            while ((operation = queue.poll()) != null) {
                if (operation.settled) {
                    completions.release(operation);
                } else {
                    operation.settled = true;
                    completions.fail(operation, failure.apply(operation), true);
                }
            }
        }
    }
}
