package io.pathkeeper.client.recipe;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.observe.Observation;
import io.pathkeeper.client.observe.ObserveFrame;
import io.pathkeeper.client.observe.ObserveListener;
import io.pathkeeper.client.observe.ObserveRequest;
import io.pathkeeper.client.observe.ObserveView;
import io.pathkeeper.client.session.PathkeeperSession;
import io.pathkeeper.client.session.SessionListener;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits until a check holds: makes the check on the waiting thread, first of all and then behind every change of a part of the tree. No change
 * is missed, since the check is made again when the observation stands. The monitor guards the state.
 */
final class ChangeSignal implements ObserveListener {
    private boolean raised;
    private @Nullable PathkeeperException failure;

    private ChangeSignal() {}

    /**
     * Waits until a check holds.
     *
     * @param session whose changes of state wake the check, too; null for none
     * @param check may block and throw
     * @param timeout how long; null for ever
     * @return whether it holds
     */
    static boolean await(
            PathkeeperClient client,
            ObserveRequest request,
            @Nullable PathkeeperSession session,
            BooleanSupplier check,
            @Nullable Duration timeout) {
        long deadline = timeout == null ? 0 : System.nanoTime() + timeout.toNanos();
        if (check.getAsBoolean()) {
            return true;
        }
        ChangeSignal signal = new ChangeSignal();
        SessionListener onState = (of, state) -> signal.raise(null);
        if (session != null) {
            session.addListener(onState);
        }
        try (Observation observation = client.observe(request.view(ObserveView.NAME), signal)) {
            while (signal.next(timeout == null ? null : deadline)) {
                if (check.getAsBoolean()) {
                    return true;
                }
            }
            return false;
        } finally {
            if (session != null) {
                session.removeListener(onState);
            }
        }
    }

    private synchronized void raise(@Nullable PathkeeperException why) {
        raised = true;
        failure = why == null ? failure : why;
        notifyAll();
    }

    private synchronized boolean next(@Nullable Long deadline) {
        try {
            while (!raised) {
                long left = deadline == null ? 0 : TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (deadline != null && left <= 0) {
                    return false;
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            throw Waits.interrupted(e);
        }
        raised = false;
        PathkeeperException why = failure;
        if (why != null) {
            throw why;
        }
        return true;
    }

    @Override
    public void onCreated(ObserveFrame.Created created) {
        raise(null);
    }

    @Override
    public void onEvents(ObserveFrame.Events events) {
        raise(null);
    }

    @Override
    public void onReset(ObserveFrame.Reset reset) {
        raise(null);
    }

    @Override
    public void onEnd(@Nullable PathkeeperException error) {
        // Without an error the client was closed: the next check says so.
        raise(error);
    }
}
