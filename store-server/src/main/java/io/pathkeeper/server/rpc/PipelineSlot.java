package io.pathkeeper.server.rpc;

import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.ProposalListener;
import io.pathkeeper.server.store.ProposalTimes;
import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.v1.PipelineOperation;
import org.jspecify.annotations.Nullable;

/**
 * The place of one operation of a pipeline in the order of the answers.
 *
 * <p>A write is done when its result, its refusal or its failure is here. A read is done when its gate is open; it is answered
 * when it is the first one, from what this server has then: all earlier writes of the pipeline are in it.
 */
final class PipelineSlot implements ProposalListener {
    final long correlationId;
    private final Turns turns;
    /** Of a write. */
    @Nullable
    Shape shape;
    /** Of a read. */
    @Nullable
    PipelineOperation read;
    /** Of a read: what it waits for. */
    @Nullable
    ReadGate gate;
    /** Of a write that was applied. */
    @Nullable
    ProposalTimes times;

    /** {@link CommandResult}, {@link Rejection} or {@link StoreFailure}; null while there is none. */
    private volatile @Nullable Object outcome;

    PipelineSlot(long correlationId, Turns turns) {
        this.correlationId = correlationId;
        this.turns = turns;
    }

    @Override
    public void applied(CommandResult result, ProposalTimes passed) {
        times = passed; // before the outcome, which makes it visible
        applied(result);
    }

    @Override
    public void applied(CommandResult result) {
        outcome = result instanceof CommandResult.Rejected rejected ? rejected.rejection() : result;
        turns.ask();
    }

    @Override
    public boolean isBrief() {
        return true;
    }

    @Override
    public void failed(StoreFailure failure) {
        outcome = failure;
        turns.ask();
    }

    /** The operation is refused before it is tried. Nobody need be told: the thread that reads the message asks for a turn itself. */
    void refuse(Rejection rejection) {
        outcome = rejection;
    }

    /** What became of a write, or why there is no answer; null while that is open, and for a read that can be answered. */
    @Nullable
    Object outcome() {
        ReadGate waits = gate;
        return outcome == null && waits != null ? waits.failure() : outcome;
    }

    boolean isDone() {
        ReadGate waits = gate;
        return outcome != null || waits != null && waits.isDecided();
    }
}
