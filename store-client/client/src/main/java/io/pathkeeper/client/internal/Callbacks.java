package io.pathkeeper.client.internal;

import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one at a time in the order in which they were given, on threads of an executor. Tasks that run are marked as callbacks, so that
 * blocking calls can refuse to wait for themselves.
 */
final class Callbacks implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);
    private static final ThreadLocal<Boolean> IN_CALLBACK = ThreadLocal.withInitial(() -> false);

    private final Executor executor;
    private final Executor fallback;
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();

    /**
     * Makes a sequence of tasks.
     *
     * @param executor who runs them
     * @param fallback who runs them when the executor refuses, so that no caller waits for ever
     */
    Callbacks(Executor executor, Executor fallback) {
        this.executor = executor;
        this.fallback = fallback;
    }

    /** Whether this thread runs a callback now. */
    static boolean inCallback() {
        return IN_CALLBACK.get();
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (size.getAndIncrement() == 0) {
            start();
        }
    }

    private void start() {
        try {
            executor.execute(this::drain);
            return;
        } catch (RejectedExecutionException e) {
            LOG.debug("the callback executor refused a task", e);
        }
        try {
            fallback.execute(this::drain);
        } catch (RejectedExecutionException e) {
            // The client has ended, and so has all that is observed or scanned: only late news of that is left.
            drain();
        }
    }

    private void drain() {
        boolean outer = IN_CALLBACK.get();
        IN_CALLBACK.set(true);
        try {
            int count = size.get();
            while (count != 0) {
                for (int i = 0; i < count; i++) {
                    runNext();
                }
                count = size.addAndGet(-count);
            }
        } finally {
            IN_CALLBACK.set(outer);
        }
    }

    private void runNext() {
        // A task is added before it is counted, so a counted one is there.
        Runnable task = Objects.requireNonNull(tasks.poll());
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("a callback failed", e);
        }
    }
}
