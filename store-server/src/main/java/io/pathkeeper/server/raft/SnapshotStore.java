package io.pathkeeper.server.raft;

import io.pathkeeper.server.snapshot.SnapshotWriter;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotRetentionPolicy;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.MD5FileUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshot files of a server: one file each, named after the log position that it holds. Ratis asks for the newest one with
 * every append, so that is kept in a field. Installing a snapshot replaces the whole directory, so nothing else lies in it.
 */
final class SnapshotStore implements StateMachineStorage {
    /** Finished snapshots that are kept; the one before the newest may still be on its way to a follower. */
    static final int RETAINED = 2;

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotStore.class);
    private static final Pattern NAME = Pattern.compile("snapshot\\.(\\d+)_(\\d+)");

    /** A snapshot file and the position that its name tells. */
    record Stored(Path file, TermIndex position) {}

    private volatile @Nullable Path directory;
    private volatile @Nullable Path temporary;
    private volatile @Nullable SingleFileSnapshotInfo latest;

    /** The snapshots of a member that does not run, to be read only. */
    static SnapshotStore at(Path directory) {
        SnapshotStore store = new SnapshotStore();
        store.directory = directory;
        return store;
    }

    @Override
    public void init(RaftStorage storage) throws IOException {
        File machine = storage.getStorageDir().getStateMachineDir();
        directory = machine.toPath();
        Path partial = machine.toPath().resolveSibling("snapshot-partial");
        Files.createDirectories(partial);
        SnapshotWriter.deleteLeftovers(partial);
        temporary = partial;
    }

    /** Directory in which a snapshot is written until it is complete. */
    Path temporaryDirectory() {
        Path known = temporary;
        if (known == null) {
            throw new IllegalStateException("the snapshot store is not initialised");
        }
        return known;
    }

    Path fileFor(TermIndex position) {
        return required().resolve("snapshot." + position.getTerm() + "_" + position.getIndex());
    }

    /** The snapshot files, newest first. */
    List<Stored> list() throws IOException {
        if (!Files.isDirectory(required())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(required())) {
            return files.map(SnapshotStore::parse)
                    .flatMap(stored -> stored == null ? Stream.empty() : Stream.of(stored))
                    .sorted(Comparator.comparing(Stored::position).reversed())
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static @Nullable Stored parse(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (!name.matches()) {
            return null;
        }
        return new Stored(file, TermIndex.valueOf(Long.parseLong(name.group(1)), Long.parseLong(name.group(2))));
    }

    /** This file is complete and is the newest from now on. Its digest is what Ratis sends along with it. */
    void finished(Path file, TermIndex position, byte[] md5) throws IOException {
        MD5Hash digest = MD5Hash.newInstance(md5);
        MD5FileUtil.saveMD5File(file.toFile(), digest);
        publish(file, position, digest);
    }

    /** This file was loaded and is the newest from now on. */
    void loaded(Path file, TermIndex position) throws IOException {
        MD5Hash digest = MD5FileUtil.readStoredMd5ForFile(file.toFile());
        if (digest == null) {
            digest = MD5FileUtil.computeAndSaveMd5ForFile(file.toFile());
        }
        publish(file, position, digest);
    }

    private void publish(Path file, TermIndex position, MD5Hash digest) {
        latest = new SingleFileSnapshotInfo(new FileInfo(file, digest), position);
    }

    /** Makes an installed file survive a power loss: Ratis wrote and renamed it without a sync. */
    void sync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
        syncDirectory(required());
        syncDirectory(required().resolveSibling("."));
    }

    private static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public @Nullable SingleFileSnapshotInfo getLatestSnapshot() {
        return latest;
    }

    @Override
    public void format() {}

    /** Called by Ratis at every attempt: does nothing, {@link #deleteOld} does it once a snapshot is finished. */
    @Override
    public void cleanupOldSnapshots(SnapshotRetentionPolicy policy) {}

    /**
     * Deletes all but the newest files.
     *
     * @param damaged files from which nothing can start: they take no good one's place
     */
    void deleteOld(Set<Path> damaged) throws IOException {
        int kept = 0;
        for (Stored old : list()) {
            if (kept < RETAINED) {
                kept += damaged.contains(old.file()) ? 0 : 1;
                continue;
            }
            Files.deleteIfExists(old.file());
            Files.deleteIfExists(old.file().resolveSibling(old.file().getFileName() + MD5FileUtil.MD5_SUFFIX));
            LOG.atDebug().addKeyValue("file", old.file()).log("deleted an old snapshot");
        }
    }

    private Path required() {
        Path known = directory;
        if (known == null) {
            throw new IllegalStateException("the snapshot store is not initialised");
        }
        return known;
    }
}
