package io.pathkeeper.server;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory of everything that a server keeps: a marker that says whose it is, a lock that is held while the server runs, and a
 * subdirectory for the log. Only an empty or missing directory is made one of ours.
 */
final class DataDirectory implements AutoCloseable {
    private static final String MARKER = "pathkeeper.properties";
    private static final String LOCK = "pathkeeper.lock";
    private static final String FORMAT = "1";
    /** File systems put it into their root. */
    private static final Set<String> IGNORED = Set.of(LOCK, "lost+found", MARKER + ".tmp");

    private final Path dir;
    private final FileChannel lockChannel;

    private DataDirectory(Path dir, FileChannel lockChannel) {
        this.dir = dir;
        this.lockChannel = lockChannel;
    }

    /** Opens or makes the directory of a member. */
    static DataDirectory open(Path dir, String clusterId, String memberId) throws StartException {
        try {
            make(dir);
            boolean fresh = !Files.exists(dir.resolve(MARKER));
            if (fresh) {
                checkEmpty(dir);
            } else {
                checkMarker(dir, clusterId, memberId);
            }
            FileChannel channel = lock(dir);
            try {
                if (fresh) {
                    writeMarker(dir, clusterId, memberId);
                }
                OwnerOnly.keep(dir);
                return new DataDirectory(dir, channel);
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

    /** Where the log and the snapshots are. */
    Path raft() {
        return dir.resolve("raft");
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
                                + String.join(", ", found) + " and no " + MARKER
                                + "): choose an empty or a new one with --data DIR",
                        null);
            }
        }
    }

    private static void checkMarker(Path dir, String clusterId, String memberId) throws IOException, StartException {
        Properties marker = new Properties();
        try {
            marker.load(new StringReader(Files.readString(dir.resolve(MARKER))));
        } catch (IllegalArgumentException | java.nio.charset.CharacterCodingException e) {
            throw new StartException(ExitCode.CORRUPT, dir.resolve(MARKER) + " cannot be read: " + e.getMessage(), e);
        }
        String format = marker.getProperty("format", "");
        if (!format.equals(FORMAT)) {
            throw refused(
                    dir.resolve(MARKER) + " has format '" + format + "', this server knows " + FORMAT
                            + ": use a server of the version that wrote it",
                    null);
        }
        same(dir, "cluster id", marker.getProperty("cluster.id", ""), clusterId, "--cluster-id");
        same(dir, "member id", marker.getProperty("member.id", ""), memberId, "--member-id");
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

    /** Complete and durable before it has its name: a crash leaves either no marker or a whole one. */
    private static void writeMarker(Path dir, String clusterId, String memberId) throws IOException {
        String text = "# Made by Pathkeeper. Do not edit.\nformat=" + FORMAT + "\ncluster.id=" + clusterId
                + "\nmember.id=" + memberId + "\n";
        Path temporary = dir.resolve(MARKER + ".tmp");
        try (FileChannel out = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(temporary, dir.resolve(MARKER), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel parent = FileChannel.open(dir, StandardOpenOption.READ)) {
            parent.force(true);
        }
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
