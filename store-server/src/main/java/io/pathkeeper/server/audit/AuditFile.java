package io.pathkeeper.server.audit;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The file of the audit log and those that were put aside, {@code FILE.1} (the newest) to {@code FILE.N}. Mode 0600. One thread.
 *
 * <p>Lines are whole: what a failed write left of them is cut off, or ended, before the next one. A file that was taken away or replaced is
 * noticed before each write, as lines in a file without a name would be lost silently.
 */
final class AuditFile implements AutoCloseable {
    private final Path file;
    private final long mostBytes;
    private final int kept;
    private @Nullable FileChannel channel;
    private @Nullable Object key;
    private long size;

    /**
     * Describes the file; {@link #open} makes it.
     *
     * @param mostBytes size at which the file is put aside
     * @param kept number of files that were put aside and are kept, at least 1
     */
    AuditFile(Path file, long mostBytes, int kept) {
        this.file = file.toAbsolutePath();
        this.mostBytes = mostBytes;
        this.kept = kept;
    }

    /** Opens the file, or makes it with its directory. */
    void open() throws IOException {
        close();
        Path directory = file.getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        FileChannel opened = FileChannel.open(
                file,
                Set.of(CREATE, READ, WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        channel = opened;
        size = opened.size();
        key = keyOfName();
        if (size > 0) {
            ByteBuffer last = ByteBuffer.allocate(1);
            opened.read(last, size - 1);
            if (last.get(0) != '\n') { // a server that ended in the middle of a line
                put(opened, ByteBuffer.wrap(new byte[] {'\n'}));
            }
        }
    }

    private @Nullable Object keyOfName() throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /**
     * Appends lines; puts the file aside before when they would make it too large.
     *
     * @throws IOException when none of them count as written
     */
    void append(ByteBuffer lines) throws IOException {
        FileChannel opened = channel;
        if (opened == null || key == null || !key.equals(keyOfName())) {
            open();
        }
        if (size > 0 && size + lines.remaining() > mostBytes) {
            putAside();
        }
        opened = channel;
        if (opened == null) {
            throw new IOException("the audit log " + file + " is not open");
        }
        put(opened, lines);
    }

    private void put(FileChannel opened, ByteBuffer lines) throws IOException {
        int length = lines.remaining();
        try {
            long at = size;
            while (lines.hasRemaining()) {
                at += opened.write(lines, at);
            }
            size += length;
        } catch (IOException e) {
            try {
                opened.truncate(size);
            } catch (IOException more) {
                e.addSuppressed(more); // open() ends the torn line
            }
            close();
            throw e;
        }
    }

    private void putAside() throws IOException {
        close();
        for (int i = kept - 1; i >= 1; i--) {
            if (Files.exists(aside(i))) {
                Files.move(aside(i), aside(i + 1), REPLACE_EXISTING);
            }
        }
        Files.move(file, aside(1), REPLACE_EXISTING);
        for (int i = kept + 1; Files.deleteIfExists(aside(i)); i++) {
            // those of a time when more were kept
        }
        open();
    }

    private Path aside(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    @Override
    public void close() {
        FileChannel opened = channel;
        channel = null;
        key = null;
        size = 0;
        if (opened != null) {
            try {
                opened.close();
            } catch (IOException e) {
                // nothing of it is buffered here: what was written is written
            }
        }
    }
}
