package io.pathkeeper.server.raft;

import io.pathkeeper.server.disk.SpaceLevel;
import io.pathkeeper.server.metrics.RaftMeters;
import io.pathkeeper.server.snapshot.RestoredSnapshot;
import io.pathkeeper.server.snapshot.SnapshotCancelledException;
import io.pathkeeper.server.snapshot.SnapshotFormatException;
import io.pathkeeper.server.snapshot.SnapshotHeader;
import io.pathkeeper.server.snapshot.SnapshotOrigin;
import io.pathkeeper.server.snapshot.SnapshotReader;
import io.pathkeeper.server.snapshot.SnapshotSummary;
import io.pathkeeper.server.snapshot.SnapshotWriter;
import io.pathkeeper.server.state.PinnedState;
import io.pathkeeper.server.state.StateLimits;
import io.pathkeeper.server.state.StoreState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.apache.ratis.server.protocol.TermIndex;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes snapshots in the background, from a pinned state while applying goes on, and loads them.
 *
 * <p>{@code take} is called by the apply thread and never waits; one snapshot thread at a time lives while one is written.
 */
final class Snapshots {
    /** Answer of {@link #take} when there is nothing new to tell. */
    static final long NONE = -1;

    /** Behind an attempt that failed: a full disk must not make every entry try again. */
    static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);

    /** A state and the log position that it holds. */
    record Loaded(StoreState state, TermIndex position) {}

    private final NodeSettings settings;
    private final StateLimits limits;
    private final SnapshotStore store;
    private final RaftMeters meters;
    private final LongSupplier nanoTime;
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private @Nullable Thread writing;
    private boolean pausing;
    private long pauseEndNanos;
    private long reported = NONE;
    private volatile long finished = NONE;

    private final Set<Path> damaged = ConcurrentHashMap.newKeySet();

    /**
     * Makes it; nothing is written or loaded yet.
     *
     * @param nanoTime a clock that never goes back, nanoseconds
     */
    Snapshots(
            NodeSettings settings, StateLimits limits, SnapshotStore store, RaftMeters meters, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.settings = settings;
        this.limits = limits;
        this.store = store;
        this.meters = meters;
    }

    /**
     * Begins a snapshot unless one is being written, or the last attempt failed a moment ago.
     *
     * @return log index of a snapshot that was finished since the last call, or {@link #NONE}
     */
    synchronized long take(StoreState state, TermIndex position) {
        if (finished > reported) {
            reported = finished;
            return reported;
        }
        if (writing != null || cancelled.get() || position.getIndex() <= reported) {
            return NONE;
        }
        if (pausing && nanoTime.getAsLong() - pauseEndNanos < 0) {
            return NONE;
        }
        pausing = false;
        PinnedState pinned = state.pin();
        Thread thread = new Thread(() -> write(pinned, position), settings.memberId() + "-snapshot");
        thread.setDaemon(true);
        writing = thread;
        thread.start();
        return NONE;
    }

    private void write(PinnedState pinned, TermIndex position) {
        long begun = System.nanoTime();
        Path target = store.fileFor(position);
        try {
            Files.createDirectories(target.getParent());
            SnapshotSummary written = SnapshotWriter.write(
                    pinned,
                    new SnapshotOrigin(settings.clusterId(), position.getTerm(), position.getIndex()),
                    target,
                    store.temporaryDirectory(),
                    () -> cancelled.get() || isFull());
            long bytes = written.fileBytes();
            store.finished(target, position, written.md5());
            store.deleteOld(damaged);
            finished = position.getIndex();
            long nanos = System.nanoTime() - begun;
            meters.snapshotSaved(nanos, bytes, pinned.view().revision());
            LOG.atInfo()
                    .addKeyValue("index", position.getIndex())
                    .addKeyValue("revision", pinned.view().revision())
                    .addKeyValue("znodes", pinned.view().znodeCount())
                    .addKeyValue("bytes", bytes)
                    .addKeyValue("millis", nanos / 1_000_000)
                    .log("wrote a snapshot");
        } catch (SnapshotCancelledException e) {
            LOG.atInfo()
                    .addKeyValue("index", position.getIndex())
                    .log(
                            cancelled.get()
                                    ? "gave up a snapshot: the server is stopping"
                                    : "gave up a snapshot: the disk is full; the next attempt follows in five seconds");
            pauseAfterFailure();
        } catch (IOException | RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("index", position.getIndex())
                    .addKeyValue("cause", e.toString())
                    .log("could not write a snapshot; the log is kept and the next attempt follows in five seconds");
            pauseAfterFailure();
        } finally {
            synchronized (this) {
                writing = null;
            }
        }
    }

    /** What the log needs for its next file is not for snapshots. */
    private boolean isFull() {
        return settings.space().lookAgain() == SpaceLevel.FULL;
    }

    private synchronized void pauseAfterFailure() {
        pausing = true;
        pauseEndNanos = nanoTime.getAsLong() + PAUSE_NANOS;
    }

    /** Name of a snapshot that could not be read and is still there; empty when there is none. Any thread. */
    String damaged() {
        damaged.removeIf(file -> !Files.exists(file));
        return damaged.stream()
                .map(file -> String.valueOf(file.getFileName()))
                .min(Comparator.naturalOrder())
                .orElse("");
    }

    /** Whether a snapshot is being written. */
    synchronized boolean isWriting() {
        return writing != null;
    }

    /** Whether a finished snapshot waits for the next {@link #take} to be told, so that the log can be purged. */
    synchronized boolean hasFinished() {
        return finished > reported;
    }

    /** A snapshot of the leader took the place of everything here. */
    synchronized void installed(long index) {
        reported = index;
        finished = index;
    }

    /**
     * Loads the newest snapshot that can be read.
     *
     * @return null when there is none
     * @throws SnapshotFormatException when there are snapshots but none that can be read
     */
    @Nullable
    Loaded loadNewest() throws IOException {
        List<SnapshotStore.Stored> files = store.list();
        SnapshotFormatException first = null;
        for (SnapshotStore.Stored stored : files) {
            try {
                Loaded loaded = load(stored);
                installed(stored.position().getIndex());
                return loaded;
            } catch (SnapshotFormatException e) {
                LOG.atError()
                        .addKeyValue("file", stored.file())
                        .addKeyValue("problem", e.getMessage())
                        .log("a snapshot cannot be read");
                first = first == null ? e : first;
                damaged.add(stored.file());
            }
        }
        if (first != null) {
            throw first;
        }
        return null;
    }

    private Loaded load(SnapshotStore.Stored stored) throws IOException {
        long begun = System.nanoTime();
        RestoredSnapshot restored = SnapshotReader.read(stored.file(), limits);
        SnapshotHeader header = restored.header();
        TermIndex position = TermIndex.valueOf(header.term(), header.index());
        if (!position.equals(stored.position())) {
            throw new SnapshotFormatException(
                    stored.file(), 0, "it holds position " + position + ", its name says " + stored.position());
        }
        if (!header.clusterId().equals(settings.clusterId())) {
            throw new SnapshotFormatException(
                    stored.file(), 0, "it belongs to cluster " + header.clusterId() + ", not " + settings.clusterId());
        }
        store.loaded(stored.file(), position);
        LOG.atInfo()
                .addKeyValue("file", stored.file().getFileName())
                .addKeyValue("revision", header.revision())
                .addKeyValue("znodes", restored.state().view().znodeCount())
                .addKeyValue("millis", (System.nanoTime() - begun) / 1_000_000)
                .log("loaded a snapshot");
        return new Loaded(restored.state(), position);
    }

    /** Index of the first entry in the log files below this directory, or {@link Long#MAX_VALUE} without any. */
    static long firstLogIndex(Path current) throws IOException {
        long first = Long.MAX_VALUE;
        try (var files = Files.newDirectoryStream(current, "log_*")) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                String number = name.startsWith("log_inprogress_")
                        ? name.substring("log_inprogress_".length())
                        : name.substring("log_".length()).split("-")[0];
                if (number.chars().allMatch(Character::isDigit)) {
                    first = Math.min(first, Long.parseLong(number));
                }
            }
        } catch (NoSuchFileException e) {
            return first;
        }
        return first;
    }

    /** Ends the writing of a snapshot that is under way. */
    void close() {
        cancelled.set(true);
        Thread thread;
        synchronized (this) {
            thread = writing;
        }
        if (thread != null) {
            try {
                thread.join(5_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
