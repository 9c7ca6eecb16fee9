package io.pathkeeper.it.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Sees whether any of some servers writes a snapshot, by the unfinished file that stands in its data directory meanwhile. Looks every few milliseconds in a thread of its own.
 *
 * <p>Life: made running, closed once. May be asked by any thread.
 */
final class SnapshotWatch implements AutoCloseable {
    private static final String UNFINISHED = ".writing";
    private static final int DEPTH = 4;
    private static final long EVERY_MILLIS = 5;

    private final List<Path> directories;
    private final AtomicInteger begun = new AtomicInteger();
    private final Thread thread = new Thread(this::run, "snapshot-watch");
    private volatile boolean underWay;
    private volatile boolean stopping;

    /** Starts to look below the data directories of servers. */
    SnapshotWatch(List<Path> directories) {
        this.directories = List.copyOf(directories);
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether one is written now, a few milliseconds ago. */
    boolean isUnderWay() {
        return underWay;
    }

    /** How often one was begun while none was written. */
    int count() {
        return begun.get();
    }

    private void run() {
        try {
            while (!stopping) {
                boolean now = directories.stream().anyMatch(SnapshotWatch::hasUnfinished);
                if (now && !underWay) {
                    begun.incrementAndGet();
                }
                underWay = now;
                TimeUnit.MILLISECONDS.sleep(EVERY_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private static boolean hasUnfinished(Path directory) {
        try (Stream<Path> files = Files.walk(directory, DEPTH)) {
            return files.anyMatch(file -> file.toString().endsWith(UNFINISHED));
        } catch (IOException | UncheckedIOException e) {
            return false; // a file was renamed or deleted while the directory was read: the next look is soon
        }
    }

    @Override
    public void close() throws InterruptedException {
        stopping = true;
        thread.interrupt();
        thread.join();
    }
}
