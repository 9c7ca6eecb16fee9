package io.pathkeeper.server.snapshot;

import io.pathkeeper.server.state.InvalidStateException;
import io.pathkeeper.server.state.PinnedState;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.BooleanSupplier;

/**
 * Writes a pinned state into a file. The file has its name only when it is complete and on the disk: it is written under another
 * name, fsynced, renamed, and the rename is fsynced. Equal states from the same origin make equal files.
 *
 * <p>Blocks its caller for as long as it takes; holds one block in memory beside the pinned state.
 */
public final class SnapshotWriter {
    private static final String TEMPORARY_SUFFIX = ".writing";

    private SnapshotWriter() {}

    /**
     * Writes a snapshot.
     *
     * @param state what to write; applying may go on meanwhile
     * @param origin which state it is
     * @param target the file; one of that name is replaced
     * @param temporaryDirectory where the unfinished file stands, on the same file system as the target
     * @param cancelled is asked at least once for each block; when it says yes, writing ends and nothing is left
     * @return what was written
     * @throws SnapshotCancelledException when it was cancelled
     * @throws InvalidStateException when an ephemeral znode has no session; nothing is left then
     * @throws IOException when the disk refuses; nothing is left then, as far as the disk allows
     */
    public static SnapshotSummary write(
            PinnedState state, SnapshotOrigin origin, Path target, Path temporaryDirectory, BooleanSupplier cancelled)
            throws IOException {
        Path temporary = temporaryDirectory.resolve(target.getFileName() + TEMPORARY_SUFFIX);
        boolean finished = false;
        try {
            SnapshotSummary summary = writeTemporary(state, origin, target, temporary, cancelled);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            finished = true;
            syncDirectoryOf(target);
            return summary;
        } finally {
            if (!finished) {
                Files.deleteIfExists(temporary);
            }
        }
    }

    /**
     * Deletes what unfinished writing left in a directory, as after a crash. To be called while nothing is written there.
     *
     * @return number of deleted files
     */
    public static int deleteLeftovers(Path temporaryDirectory) throws IOException {
        int deleted = 0;
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(temporaryDirectory, "*" + TEMPORARY_SUFFIX)) {
            for (Path leftover : leftovers) {
                Files.delete(leftover);
                deleted++;
            }
        }
        return deleted;
    }

    private static SnapshotSummary writeTemporary(
            PinnedState state, SnapshotOrigin origin, Path target, Path temporary, BooleanSupplier cancelled)
            throws IOException {
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            SnapshotOutput output = new SnapshotOutput(channel, target, cancelled);
            try (SnapshotStream stream = new SnapshotStream(state, origin, output)) {
                boolean more = true;
                while (more) {
                    more = stream.writeOn();
                }
                channel.force(true);
                return new SnapshotSummary(
                        target, stream.header(), stream.counts(), stream.rawBytes(), stream.position(), output.md5());
            }
        }
    }

    private static void syncDirectoryOf(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IOException("snapshot " + file + " has no directory to stand in");
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
