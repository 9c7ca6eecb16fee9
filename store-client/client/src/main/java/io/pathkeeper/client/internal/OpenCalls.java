package io.pathkeeper.client.internal;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What has to be told when the client is closed. Any thread. */
final class OpenCalls {
    private final Set<Runnable> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Notes a task that is run once when the client is closed; it must not block.
     *
     * @return false when the client is closed already: the task will not be run
     */
    boolean add(Runnable onClose) {
        if (closed) {
            return false;
        }
        open.add(onClose);
        // Closed in between: whoever removes the task runs it.
        return !closed || !open.remove(onClose);
    }

    void remove(Runnable onClose) {
        open.remove(onClose);
    }

    void close() {
        closed = true;
        for (Runnable task : open) {
            if (open.remove(task)) {
                task.run();
            }
        }
    }
}
