package io.pathkeeper.it.bench;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Starts calls over one connection. Called by many threads. */
@FunctionalInterface
interface Operation {
    /** Starts a call and returns; the completion is told once, by any thread. */
    void start(SplittableRandom random, Completion completion);

    /** Is told how a call ended. */
    @FunctionalInterface
    interface Completion {
        /** The call ended; the error is null when it was answered. */
        void ended(@Nullable String error);
    }
}
