package io.pathkeeper.it.check;

import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.PathkeeperException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Counts how writes ended: acknowledged, surely without effect, or unknown. Safe to use from any thread. */
public final class CallTally {
    private static final int MAX_UNEXPECTED = 20;

    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong unknown = new AtomicLong();
    private final List<String> unexpected = new ArrayList<>();

    /** Counts a write; the error is null when it was acknowledged. */
    public void count(@Nullable Throwable error) {
        if (error == null) {
            acknowledged.incrementAndGet();
            return;
        }
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        if (cause instanceof PathkeeperException failure) {
            (failure.outcome() == Outcome.UNKNOWN ? unknown : refused).incrementAndGet();
            if (!failure.isRetryable() && failure.outcome() == Outcome.NOT_APPLIED) {
                note(failure.reason() + ": " + failure.getMessage());
            }
        } else {
            note(cause.toString());
        }
    }

    /** Writes that were acknowledged. */
    public long acknowledged() {
        return acknowledged.get();
    }

    /** Writes that failed and surely had no effect. */
    public long refused() {
        return refused.get();
    }

    /** Writes that failed and may have had an effect. */
    public long unknown() {
        return unknown.get();
    }

    /** Failures that no fault of a server explains, at most 20. */
    public synchronized List<String> unexpected() {
        return List.copyOf(unexpected);
    }

    @Override
    public String toString() {
        return acknowledged + " acknowledged, " + refused + " refused, " + unknown + " unknown";
    }

    private synchronized void note(String failure) {
        if (unexpected.size() < MAX_UNEXPECTED) {
            unexpected.add(failure);
        }
    }
}
