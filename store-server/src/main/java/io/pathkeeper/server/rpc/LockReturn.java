package io.pathkeeper.server.rpc;

import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.store.ProposalListener;
import io.pathkeeper.server.store.StoreFailure;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Takes a place or a grant back that nobody waits for any more: again and again until it was applied, because the lock would be blocked
 * for as long as the session lives. Ends with this server, too.
 */
final class LockReturn implements ProposalListener {
    private static final long AGAIN_MILLIS = 500;

    private final CoordinationContext context;
    private final Command.Release release;
    private Runnable done = () -> {};
    private Consumer<StoreFailure> failed = failure -> {};

    LockReturn(CoordinationContext context, Command.Release release) {
        this.context = context;
        this.release = release;
    }

    /**
     * Begins.
     *
     * @param whenDone runs once, when nothing is left or this server stops
     * @param whenFailed is told of every failed attempt
     */
    void run(Runnable whenDone, Consumer<StoreFailure> whenFailed) {
        done = whenDone;
        failed = whenFailed;
        attempt();
    }

    private void attempt() {
        long deadline = System.nanoTime() + context.calls().defaultDeadlineNanos();
        context.calls().store().write(release, null, deadline, this);
    }

    @Override
    public void applied(CommandResult result) {
        done.run(); // a refusal says that there is nothing: not held, or the session is over
    }

    @Override
    public void failed(StoreFailure failure) {
        failed.accept(failure);
        if (context.coordination().watches().isClosed()) {
            done.run();
            return;
        }
        try {
            context.timer().schedule(this::attempt, AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            done.run();
        }
    }
}
