package io.pathkeeper.server.raft;

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
        executor = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, memberId + "-completions");
            thread.setDaemon(true);
            return thread;
        });
        executor.prestartAllCoreThreads();
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
