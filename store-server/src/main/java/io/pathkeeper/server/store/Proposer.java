package io.pathkeeper.server.store;

import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.state.Command;
import org.jspecify.annotations.Nullable;

/** Puts commands into the replicated log, from any server. Port of the store; Raft stands behind it. */
public interface Proposer {
    /**
     * Proposes a command. Never blocks. Commands proposed one after the other by one thread are applied in that order, and
     * stay in it across changes of the leader.
     *
     * @param command what to do
     * @param requestId makes a repeat harmless; null for none
     * @param deadlineNanos {@link System#nanoTime()} at which waiting ends
     * @param listener is told exactly once, on the completion thread (or on the caller's when refused at once); must not block
     */
    void propose(Command command, @Nullable RequestId requestId, long deadlineNanos, ProposalListener listener);
}
