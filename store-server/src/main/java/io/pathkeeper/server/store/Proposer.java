package io.pathkeeper.server.store;

import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.state.Command;
import org.jspecify.annotations.Nullable;

/** Puts commands into the replicated log, from any server. Port of the store; Raft stands behind it. */
public interface Proposer {
    /**
     * Proposes a command that goes with those that follow at once: {@link #flush} sends them. Never blocks. Commands offered one after the
     * other by one thread are applied in that order, and stay in it across changes of the leader.
     *
     * @param command what to do
     * @param requestId makes a repeat harmless; null for none
     * @param deadlineNanos {@link System#nanoTime()} at which waiting ends
     * @param listener is told exactly once, on the completion thread, on the apply thread if it is brief, or on the caller's when refused at once; must not block
     */
    void offer(Command command, @Nullable RequestId requestId, long deadlineNanos, ProposalListener listener);

    /**
     * Sends what was offered, in as few entries as that gives. May put an entry into the log on this thread, without waiting for the disk: not to
     * be called under a lock that is taken when leadership changes.
     */
    void flush();

    /** Offers one command and has another thread send it. Under any lock. */
    void propose(Command command, @Nullable RequestId requestId, long deadlineNanos, ProposalListener listener);
}
