package io.pathkeeper.it.fault.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The disk of one server: a file system in memory with a size, where that is permitted, so that it can be filled; else a directory. Used by one thread.
 */
public final class ServerDisk {
    private static final int PIECE = 1 << 20;

    private final Path mount;
    private final boolean limited;

    private ServerDisk(Path mount, boolean limited) {
        this.mount = mount;
        this.limited = limited;
    }

    /** A directory as it is, without a size. */
    static ServerDisk at(Path mount) {
        return new ServerDisk(mount, false);
    }

    /** Makes a disk at a directory; a name of the run is on it, so that it can be found again. */
    static ServerDisk make(RunName run, Path mount, int megabytes) {
        try {
            Files.createDirectories(mount);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        boolean limited = Shell.isRoot()
                && Shell.attempt(
                                        "mount",
                                        "-t",
                                        "tmpfs",
                                        "-o",
                                        "size=" + megabytes + "m",
                                        run.toString(),
                                        mount.toString())
                                .code()
                        == 0;
        return new ServerDisk(mount, limited);
    }

    /** Whether it has a size of its own. */
    public boolean isLimited() {
        return limited;
    }

    /** Why it cannot be filled; empty when it can. */
    public Optional<String> whyNotFillable() {
        return limited ? Optional.empty() : Optional.of("a small file system cannot be mounted here: that needs root");
    }

    /** The server's directory of data. */
    public Path data() {
        return mount.resolve("data");
    }

    /**
     * Takes all space but so much.
     *
     * @throws IllegalStateException when it has no size of its own
     */
    public void fill(long leftBytes) {
        if (!limited) {
            throw new IllegalStateException(mount + " has no size of its own: it would fill this machine's disk");
        }
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
        try (FileChannel channel = FileChannel.open(
                filler(), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            long left = mount.toFile().getUsableSpace() - leftBytes;
            while (left > 0) {
                piece.clear().limit((int) Math.min(left, PIECE));
                channel.write(piece);
                left = mount.toFile().getUsableSpace() - leftBytes;
            }
        } catch (IOException e) {
            // the server was faster: it is full, as was wanted
            if (mount.toFile().getUsableSpace() > leftBytes) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Whether the server keeps space aside. */
    public boolean hasReserve() {
        return Files.exists(data().resolve("pathkeeper.reserve"));
    }

    /** Gives the space back that was taken. */
    public void free() {
        try {
            Files.deleteIfExists(filler());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes all that the server has stored. It must not run. */
    void wipe() {
        if (!Files.exists(data())) {
            return;
        }
        try (Stream<Path> files = Files.walk(data())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + data(), e);
        }
    }

    /** Files of the log, oldest first; the last one is written to. */
    public List<Path> logFiles() {
        return files(name -> name.startsWith("log_")).stream()
                .sorted(Comparator.comparingLong(file -> firstIndex(file).orElse(0)))
                .toList();
    }

    /** Snapshots, oldest first. */
    public List<Path> snapshots() {
        return files(name -> name.matches("snapshot\\.[0-9]+_[0-9]+")).stream()
                .sorted(Comparator.comparingLong(ServerDisk::snapshotIndex))
                .toList();
    }

    /** Index of the first entry in the log; empty without a log. */
    public OptionalLong firstLogIndex() {
        return logFiles().stream()
                .map(ServerDisk::firstIndex)
                .flatMapToLong(OptionalLong::stream)
                .min();
    }

    private List<Path> files(Predicate<String> name) {
        if (!Files.exists(data())) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(data())) {
            return files.filter(file -> name.test(String.valueOf(file.getFileName())))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of(); // the server deletes as we look
        }
    }

    /** Snapshots are called {@code snapshot.TERM_INDEX}. */
    private static long snapshotIndex(Path file) {
        String name = String.valueOf(file.getFileName());
        return Long.parseLong(name.substring(name.indexOf('_') + 1));
    }

    /** Log files are called {@code log_FIRST-LAST} or {@code log_inprogress_FIRST}. */
    private static OptionalLong firstIndex(Path file) {
        String numbers = String.valueOf(file.getFileName())
                .replace("log_inprogress_", "")
                .replace("log_", "");
        String first = numbers.split("-")[0];
        return first.matches("\\d+") ? OptionalLong.of(Long.parseLong(first)) : OptionalLong.empty();
    }

    private Path filler() {
        return mount.resolve("filler");
    }
}
