package io.pathkeeper.client.internal;

import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.v1.PipelineResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Collects what is settled in one turn of the engine and hands it to the callback threads as one task. Room in the budget is given back
 * right before each future completes, so that a callback may send the next operation.
 */
final class Completions {
    private record Entry(PendingOperation<?> operation, Object outcome, long revision, boolean release) {}

    private final Executor callbacks;
    private final OutstandingBudget budget;
    private List<Entry> batch = new ArrayList<>();

    Completions(Executor callbacks, OutstandingBudget budget) {
        this.callbacks = callbacks;
        this.budget = budget;
    }

    void succeed(PendingOperation<?> operation, PipelineResult result, long revision) {
        batch.add(new Entry(operation, result, revision, true));
    }

    /**
     * Notes a failure.
     *
     * @param release false when the operation still waits for an answer that nobody needs, and keeps its room till then
     */
    void fail(PendingOperation<?> operation, PathkeeperException error, boolean release) {
        batch.add(new Entry(operation, error, 0, release));
    }

    /** Gives back the room of an operation that is settled and gone. */
    void release(PendingOperation<?> operation) {
        budget.release(operation.sizeBytes);
    }

    void flush() {
        if (!batch.isEmpty()) {
            List<Entry> full = batch;
            batch = new ArrayList<>(full.size());
            callbacks.execute(() -> run(full));
        }
    }

    private void run(List<Entry> entries) {
        for (Entry entry : entries) {
            if (entry.release()) {
                budget.release(entry.operation().sizeBytes);
            }
            if (entry.outcome() instanceof PipelineResult result) {
                entry.operation().complete(result, entry.revision());
            } else {
                entry.operation().fail((PathkeeperException) entry.outcome());
            }
        }
    }
}
