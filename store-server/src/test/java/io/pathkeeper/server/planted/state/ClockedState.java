package io.pathkeeper.server.planted.state;

import java.util.Random;

/** Breaks rules: time and chance inside the core. */
public final class ClockedState {
    private final Random random = new Random();

    /** Differs on every server. */
    public long number() {
        return System.nanoTime() + random.nextLong();
    }
}
