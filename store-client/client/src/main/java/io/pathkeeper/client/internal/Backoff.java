package io.pathkeeper.client.internal;

import java.util.concurrent.ThreadLocalRandom;

/** Delays between attempts: from 50 ms, doubling to 5 s, with full jitter. Owned by one thread. */
final class Backoff {
    private static final long MIN_MILLIS = 50;
    private static final long MAX_MILLIS = 5_000;

    private int attempts;

    /**
     * Returns how long to wait before the next attempt.
     *
     * @param alternatives how many servers take turns: each gets one attempt before the delay doubles
     */
    long nextMillis(int alternatives) {
        int step = Math.min(attempts / Math.max(1, alternatives), 10);
        attempts++;
        long bound = Math.min(MAX_MILLIS, MIN_MILLIS << step);
        return ThreadLocalRandom.current().nextLong(bound + 1);
    }

    void reset() {
        attempts = 0;
    }
}
