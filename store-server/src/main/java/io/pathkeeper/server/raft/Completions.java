package io.pathkeeper.server.raft;

import io.pathkeeper.server.store.TellingThread;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The thread that tells callers what became of their requests, so that the apply thread and the links never wait for them.
 * Tasks run in the order in which they came. Bounded by what is under way.
 */
final class Completions implements AutoCloseable {
    private final ThreadPoolExecutor executor;

    Completions(String memberId) {
        LinkedBlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();
        executor = new ThreadPoolExecutor(
                1, 1, 0, TimeUnit.SECONDS, waiting, task -> new Teller(task, memberId + "-completions", waiting));
        executor.prestartAllCoreThreads();
    }

    /** The thread. */
    private static final class Teller extends Thread implements TellingThread {
        private final Queue<Runnable> waiting;

        Teller(Runnable task, String name, Queue<Runnable> waiting) {
            super(task, name);
            setDaemon(true);
            this.waiting = waiting;
        }

        @Override
        public boolean isLast() {
            return waiting.isEmpty();
        }
    }

    void run(Runnable task) {
        executor.execute(task);
    }

    /** Runs what is waiting and ends. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(5, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            executor.shutdownNow();
        }
    }
}
