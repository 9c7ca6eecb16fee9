package io.pathkeeper.client.internal;

import java.util.concurrent.atomic.AtomicLong;

/** The newest revision that any answer has told this client of. Never goes back. Any thread. */
final class SeenRevision {
    private final AtomicLong revision = new AtomicLong();

    long get() {
        return revision.get();
    }

    void advance(long answered) {
        if (answered > revision.get()) {
            revision.accumulateAndGet(answered, Math::max);
        }
    }
}
