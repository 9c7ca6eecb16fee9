package io.pathkeeper.server;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory of everything that a server keeps: a marker that says whose it is, a lock that is held while the server runs, and a
 * subdirectory for the log. Only an empty or missing directory is made one of ours.
 */
final class DataDirectory implements AutoCloseable {
    private static final String LOCK = "pathkeeper.lock";
    private static final String RAFT = "raft";
    /** File systems put it into their root. */
    private static final Set<String> IGNORED = Set.of(LOCK, "lost+found", DataMarker.FILE + ".tmp");

    private final Path dir;
    private final DataMarker marker;
    private final FileChannel lockChannel;

    private DataDirectory(Path dir, DataMarker marker, FileChannel lockChannel) {
        this.dir = dir;
        this.marker = marker;
        this.lockChannel = lockChannel;
    }

    /** Opens or makes the directory of a member. */
    static DataDirectory open(Path dir, String clusterId, String memberId) throws StartException {
        try {
            make(dir);
            boolean fresh = !Files.exists(dir.resolve(DataMarker.FILE));
            DataMarker marker = new DataMarker(clusterId, memberId, 0);
            if (fresh) {
                checkEmpty(dir);
            } else {
                marker = checkMarker(dir, clusterId, memberId);
            }
            FileChannel channel = lock(dir);
            try {
                if (fresh) {
                    marker.write(dir);
                }
                OwnerOnly.keep(dir);
                return new DataDirectory(dir, marker, channel);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (AccessDeniedException e) {
            throw refused("data directory " + dir + " cannot be used: access to " + e.getFile() + " is denied", e);
        } catch (IOException e) {
            throw new StartException(ExitCode.STORAGE, "data directory " + dir + " cannot be written: " + reason(e), e);
        }
    }

    /** Writes what a new data directory begins with. */
    interface Content {
        /** Writes the log and the snapshots into a directory that is there and empty. */
        void write(Path raft) throws IOException;
    }

    /**
     * Makes a missing or empty directory that of a member which begins with what it is given. The marker, without which no server takes the directory, is
     * written last.
     *
     * @param marker whose directory it will be
     * @throws StartException when the directory has anything in it, or the disk refuses; then it is as it was
     */
    static void found(Path dir, DataMarker marker, Content content) throws StartException {
        boolean missing = !Files.exists(dir);
        try {
            make(dir);
            if (Files.exists(dir.resolve(DataMarker.FILE))) {
                throw refused(
                        "data directory " + dir
                                + " is in use by a server already: choose an empty or a new one with --data DIR",
                        null);
            }
            checkEmpty(dir);
            try (FileChannel channel = lock(dir)) {
                Path raft = dir.resolve(RAFT);
                try {
                    Files.createDirectory(raft);
                    content.write(raft);
                    OwnerOnly.keep(dir);
                    marker.write(dir);
                } catch (IOException | RuntimeException e) {
                    delete(raft);
                    Files.deleteIfExists(dir.resolve(LOCK));
                    if (missing) {
                        Files.deleteIfExists(dir);
                    }
                    throw e;
                }
            }
        } catch (AccessDeniedException e) {
            throw refused("data directory " + dir + " cannot be used: access to " + e.getFile() + " is denied", e);
        } catch (IOException e) {
            throw new StartException(ExitCode.STORAGE, "data directory " + dir + " cannot be written: " + reason(e), e);
        }
    }

    /**
     * Opens the directory of a member that does not run, whoever it is.
     *
     * @throws StartException when it is none of ours, or in use
     */
    static DataDirectory openAsItIs(Path dir) throws StartException {
        try {
            if (!Files.exists(dir.resolve(DataMarker.FILE))) {
                throw refused(
                        "data directory " + dir + " is not one of ours: it has no " + DataMarker.FILE
                                + "; name that of the server with --data DIR",
                        null);
            }
            DataMarker marker = DataMarker.read(dir);
            return new DataDirectory(dir, marker, lock(dir));
        } catch (AccessDeniedException e) {
            throw refused("data directory " + dir + " cannot be used: access to " + e.getFile() + " is denied", e);
        } catch (IOException e) {
            throw new StartException(ExitCode.STORAGE, "data directory " + dir + " cannot be read: " + reason(e), e);
        }
    }

    /** Whose it is. */
    DataMarker marker() {
        return marker;
    }

    /**
     * Puts other content in the place of what is there, and keeps that below the directory, in the form of a data directory. While that goes on there is no marker, so
     * a crash leaves something that no server takes.
     *
     * @param next whose directory it will be
     * @param keptName name of the directory that what was there is kept in
     * @return that directory
     */
    Path replace(DataMarker next, String keptName, Content content) throws StartException {
        Path kept = dir.resolve(keptName);
        Path fresh = dir.resolve(RAFT + ".new");
        try {
            delete(fresh);
            Files.createDirectory(fresh);
            content.write(fresh);
            Files.createDirectory(kept);
            Files.move(dir.resolve(DataMarker.FILE), kept.resolve(DataMarker.FILE), StandardCopyOption.ATOMIC_MOVE);
            DataMarker.sync(dir);
            Files.move(raft(), kept.resolve(RAFT), StandardCopyOption.ATOMIC_MOVE);
            DataMarker.sync(kept);
            Files.move(fresh, raft(), StandardCopyOption.ATOMIC_MOVE);
            OwnerOnly.keep(dir);
            next.write(dir);
            return kept;
        } catch (IOException e) {
            throw new StartException(
                    ExitCode.STORAGE,
                    "data directory " + dir + " could not be made new: " + reason(e)
                            + "; what it held is still in it or in " + kept,
                    e);
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> walk = Files.walk(directory)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : all) {
            Files.delete(each);
        }
    }

    /** Revision of what the cluster began with; 0 when it began empty. */
    long foundedRevision() {
        return marker.foundedRevision();
    }

    /** Where the log and the snapshots are. */
    Path raft() {
        return dir.resolve(RAFT);
    }

    /** Bytes that the file system has left; 0 when it does not say. */
    long freeBytes() {
        return dir.toFile().getUsableSpace();
    }

    private static void make(Path dir) throws IOException, StartException {
        if (Files.exists(dir) && !Files.isDirectory(dir)) {
            throw refused("data directory " + dir + " is a file: choose another with --data DIR", null);
        }
        if (!Files.exists(dir)) {
            Files.createDirectories(dir);
            if (dir.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwx------"));
            }
        }
    }

    private static void checkEmpty(Path dir) throws IOException, StartException {
        try (Stream<Path> entries = Files.list(dir)) {
            List<String> found = entries.map(p -> String.valueOf(p.getFileName()))
                    .filter(name -> !IGNORED.contains(name))
                    .sorted()
                    .limit(3)
                    .toList();
            if (!found.isEmpty()) {
                throw refused(
                        "data directory " + dir + " is not empty and not one of ours (it has "
                                + String.join(", ", found) + " and no " + DataMarker.FILE
                                + "): choose an empty or a new one with --data DIR",
                        null);
            }
        }
    }

    private static DataMarker checkMarker(Path dir, String clusterId, String memberId)
            throws IOException, StartException {
        DataMarker marker = DataMarker.read(dir);
        same(dir, "cluster id", marker.clusterId(), clusterId, "--cluster-id");
        same(dir, "member id", marker.memberId(), memberId, "--member-id");
        return marker;
    }

    private static void same(Path dir, String what, String kept, String given, String flag) throws StartException {
        if (!kept.equals(given)) {
            throw refused(
                    "data directory " + dir + " belongs to " + what + " '" + kept + "', this server has '" + given
                            + "': correct " + flag + " or --data",
                    null);
        }
    }

    private static FileChannel lock(Path dir) throws IOException, StartException {
        FileChannel channel = FileChannel.open(dir.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null; // another server in this process
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        if (lock == null) {
            channel.close();
            throw refused(
                    "data directory " + dir + " is used by another process: stop it, or choose another with --data DIR",
                    null);
        }
        return channel;
    }

    private static StartException refused(String message, @Nullable Throwable cause) {
        return new StartException(ExitCode.DATA_DIRECTORY, message, cause);
    }

    private static String reason(IOException e) {
        return e instanceof FileSystemException f && f.getReason() != null
                ? f.getReason() + " (" + f.getFile() + ")"
                : String.valueOf(e.getMessage());
    }

    /** Gives the lock back. */
    @Override
    public void close() {
        try {
            lockChannel.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
