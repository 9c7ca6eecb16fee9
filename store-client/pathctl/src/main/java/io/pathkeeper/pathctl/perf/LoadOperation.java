package io.pathkeeper.pathctl.perf;

import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/** One kind of call, made again and again. Called by several threads at once, never twice at once with the same random. */
@FunctionalInterface
public interface LoadOperation {
    /** Starts a call and returns at once. */
    CompletableFuture<?> start(SplittableRandom random);
}
