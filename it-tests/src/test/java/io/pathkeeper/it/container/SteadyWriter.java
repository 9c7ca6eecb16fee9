package io.pathkeeper.it.container;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.model.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a rising number to one znode, one write after the other, and reads it back linearizably, in a thread of its own until it is closed.
 * What it saw is asked for behind that.
 */
final class SteadyWriter implements AutoCloseable {
    private static final String PATH = "/steady";

    private final PathkeeperClient client;
    private final Thread thread = new Thread(this::run, "steady-writer");
    private final List<String> faults = new ArrayList<>();
    private volatile long acknowledged;
    private volatile boolean stopping;
    private long longestNanos;

    SteadyWriter(PathkeeperClient client) {
        this.client = client;
        client.store().create(PATH, Value.of(0));
        thread.start();
    }

    private void run() {
        for (long next = 1; !stopping; next++) {
            long begun = System.nanoTime();
            try {
                client.store().set(PATH, Value.of(next));
                acknowledged = next;
                Value read = client.store().get(PATH).value();
                if (!read.equals(Value.of(next))) {
                    faults.add("read " + read + " behind the acknowledged write of " + next);
                }
            } catch (PathkeeperException e) {
                faults.add("write " + next + ": " + e.getMessage());
            }
            longestNanos = Math.max(longestNanos, System.nanoTime() - begun);
        }
    }

    /** Writes that were acknowledged up to now. */
    long acknowledged() {
        return acknowledged;
    }

    /** Stops; no more is written. */
    @Override
    public void close() throws InterruptedException {
        stopping = true;
        thread.join();
    }

    /** Writes and reads that failed or were wrong; behind the end. */
    List<String> faults() {
        return List.copyOf(faults);
    }

    /** Time of the longest write with its read; behind the end. */
    double longestSeconds() {
        return longestNanos / 1e9;
    }
}
