package io.pathkeeper.server.rpc;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs one task on an executor, never twice at a time, again whenever it was asked for while it ran. Asking is cheap: under load a
 * single volatile read.
 *
 * <p>States: resting, running, running with another run asked for. Any thread may ask; what a thread wrote before it asked is seen by
 * the run that follows.
 */
final class Turns implements Runnable {
    private static final int RESTING = 0;
    private static final int RUNNING = 1;
    private static final int AGAIN = 2;

    private final Executor executor;
    private final Runnable task;
    private final AtomicInteger state = new AtomicInteger(RESTING);

    Turns(Executor executor, Runnable task) {
        this.executor = executor;
        this.task = task;
    }

    /** Asks for a run. */
    void ask() {
        while (true) {
            int now = state.get();
            if (now == AGAIN || now == RUNNING && state.compareAndSet(RUNNING, AGAIN)) {
                return;
            }
            if (now == RESTING && state.compareAndSet(RESTING, AGAIN)) {
                executor.execute(this);
                return;
            }
        }
    }

    /** Runs the task on this thread, which it must not keep for long; asks for a run when one is under way or has been asked for. */
    void runHere() {
        if (state.compareAndSet(RESTING, RUNNING)) {
            runOnce();
        } else {
            ask();
        }
    }

    @Override
    public void run() {
        state.set(RUNNING);
        runOnce();
    }

    private void runOnce() {
        task.run();
        if (!state.compareAndSet(RUNNING, RESTING)) {
            executor.execute(this); // behind the others that wait
        }
    }
}
