package io.pathkeeper.it.fault.check;

import org.jspecify.annotations.Nullable;

/**
 * One call of one client, as recorded.
 *
 * @param client who called; a client calls one after the other
 * @param input what was asked
 * @param output what was answered; null when nobody knows, so that the call may have its effect at any time behind its sending, or never
 * @param sentNanos when it was sent, of a clock that never goes back and is the same for all clients
 * @param answeredNanos when the answer was there, of the same clock; {@link #NEVER} when the output is null
 * @param <I> type of inputs
 * @param <O> type of outputs
 */
public record Call<I, O>(int client, I input, @Nullable O output, long sentNanos, long answeredNanos) {
    /** When an unknown call was answered. */
    public static final long NEVER = Long.MAX_VALUE;

    /** Checks that times and output fit. */
    public Call {
        if (answeredNanos < sentNanos || (output == null) != (answeredNanos == NEVER)) {
            throw new IllegalArgumentException(
                    "a call sent at " + sentNanos + " and answered at " + answeredNanos + " with " + output);
        }
    }

    /** A call that was answered. */
    public static <I, O> Call<I, O> answered(int client, I input, O output, long sentNanos, long answeredNanos) {
        return new Call<>(client, input, output, sentNanos, answeredNanos);
    }

    /** A call whose outcome nobody knows. */
    public static <I, O> Call<I, O> unknown(int client, I input, long sentNanos) {
        return new Call<>(client, input, null, sentNanos, NEVER);
    }

    @Override
    public String toString() {
        String end = output == null ? "?" : Long.toString(answeredNanos / 1000);
        return "client " + client + " [" + sentNanos / 1000 + ", " + end + "] us: " + input + " -> "
                + (output == null ? "unknown" : output);
    }
}
