package io.pathkeeper.server.store;

import io.pathkeeper.server.state.CommandResult;

/** Is told what became of a proposal. Exactly one of the calls comes, once. Must not block. */
public interface ProposalListener {
    /** This server has applied the command; its published view shows the change. A rejection is a result, too. */
    void applied(CommandResult result);

    /** What {@link #applied(CommandResult)} tells, with the times of the way; comes in its place. */
    default void applied(CommandResult result, ProposalTimes times) {
        applied(result);
    }

    /** Whether being told takes a moment, as all else is handed over: the thread that applies commands may tell it itself. */
    default boolean isBrief() {
        return false;
    }

    /** The command was not answered; {@link StoreFailure#outcome()} says whether it may still be applied. */
    void failed(StoreFailure failure);
}
