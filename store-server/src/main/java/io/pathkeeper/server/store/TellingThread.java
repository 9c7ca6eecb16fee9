package io.pathkeeper.server.store;

/**
 * A thread that tells callers one after the other what became of their requests. Who is told something brief may go on with it there while nobody else waits to be told, which
 * spares waking another thread.
 */
public interface TellingThread {
    /** Whether nothing waits behind what is told now. This thread. */
    boolean isLast();

    /** Whether the calling thread is one, and nothing waits behind what it tells now. */
    static boolean isLastOfThisOne() {
        return Thread.currentThread() instanceof TellingThread thread && thread.isLast();
    }
}
