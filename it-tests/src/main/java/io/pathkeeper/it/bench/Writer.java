package io.pathkeeper.it.bench;

/** Writes values to paths of the caller's choice, which exist. Called by many threads. */
@FunctionalInterface
interface Writer {
    /** Starts to replace a value and returns; the completion is told once, by any thread. The bytes are not changed afterwards. */
    void set(String path, byte[] value, Operation.Completion completion);
}
