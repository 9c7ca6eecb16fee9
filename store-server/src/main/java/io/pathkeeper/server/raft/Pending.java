package io.pathkeeper.server.raft;

import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.store.ProposalListener;
import io.pathkeeper.server.store.ProposalTimes;
import io.pathkeeper.server.store.StoreFailure;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/** A command of one of this server's callers, from the proposal to the answer. Its listener is told exactly once. */
final class Pending {
    private static final AtomicIntegerFieldUpdater<Pending> TOLD =
            AtomicIntegerFieldUpdater.newUpdater(Pending.class, "told");

    final byte[] command;
    final @Nullable RequestId requestId;
    final long deadlineNanos;
    final SpaceRefusal.Effect effect;
    private final ProposalListener listener;
    private volatile int told;

    /** The sender thread's: whether it has left this server once, so that nobody here knows what became of it. */
    boolean sent;

    Pending(
            byte[] command,
            @Nullable RequestId requestId,
            long deadlineNanos,
            SpaceRefusal.Effect effect,
            ProposalListener listener) {
        this.effect = effect;
        this.command = command;
        this.requestId = requestId;
        this.deadlineNanos = deadlineNanos;
        this.listener = listener;
    }

    /** See {@link ProposalListener#isBrief}. */
    boolean isBrief() {
        return listener.isBrief();
    }

    boolean isTold() {
        return told != 0;
    }

    /** Returns whether this call was the one that told the listener. */
    boolean applied(CommandResult result, ProposalTimes times) {
        if (!TOLD.compareAndSet(this, 0, 1)) {
            return false;
        }
        listener.applied(result, times);
        return true;
    }

    /** Returns whether this call was the one that told the listener. */
    boolean failed(StoreFailure failure) {
        if (!TOLD.compareAndSet(this, 0, 1)) {
            return false;
        }
        listener.failed(failure);
        return true;
    }
}
