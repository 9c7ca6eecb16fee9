package io.pathkeeper.it.bench;

import java.util.concurrent.atomic.AtomicLong;

/** The znodes that a load creates and deletes again, each once, in order. Safe to use from any thread. */
final class FreshZnodes {
    private final AtomicLong created = new AtomicLong();
    private final AtomicLong deleted = new AtomicLong();

    /** Path of the next znode to create. */
    String create() {
        return path(created.incrementAndGet());
    }

    /** Path of the next znode to delete: the oldest one that was created and not yet handed out here. */
    String delete() {
        return path(deleted.incrementAndGet());
    }

    /** How many were created and not yet handed out for deletion. */
    long left() {
        return created.get() - deleted.get();
    }

    private static String path(long number) {
        return Znodes.ROOT + "/c" + number;
    }
}
