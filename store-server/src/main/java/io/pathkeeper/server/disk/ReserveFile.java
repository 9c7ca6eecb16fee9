package io.pathkeeper.server.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.BooleanSupplier;

/** The reserve as a file of zeros beside the data. What an earlier process left of it counts. */
final class ReserveFile implements ReserveStore {
    static final String NAME = "pathkeeper.reserve";

    private static final int PIECE = 1 << 20;

    private final Path file;
    private final FileStore disk;
    private long reserved;

    /** Finds the disk of a directory, and the reserve that is there already. */
    ReserveFile(Path directory) throws IOException {
        file = directory.resolve(NAME);
        disk = Files.getFileStore(directory);
        reserved = Files.exists(file) ? Files.size(file) : 0;
    }

    @Override
    public long freeBytes() throws IOException {
        return disk.getUsableSpace();
    }

    @Override
    public long reservedBytes() {
        return reserved;
    }

    @Override
    public void reserve(long bytes, BooleanSupplier goOn) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate(PIECE);
        // written and not only made long: a hole takes no space
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            while (reserved < bytes && goOn.getAsBoolean()) {
                zeros.clear().limit((int) Math.min(PIECE, bytes - reserved));
                reserved += channel.write(zeros);
            }
        } catch (IOException e) {
            // what could be written is known by the file alone
            reserved = Files.exists(file) ? Files.size(file) : 0;
            throw e;
        }
    }

    @Override
    public void release() throws IOException {
        Files.deleteIfExists(file);
        reserved = 0;
    }
}
