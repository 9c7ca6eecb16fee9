package io.pathkeeper.server.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** The bytes of a snapshot file from the first to the last, with the checksum of all that was read. Of one thread. */
final class SnapshotInput {
    private final Path file;
    private final FileChannel channel;
    private final long fileBytes;
    private final CRC32C crc = new CRC32C();
    private long position;

    SnapshotInput(Path file, FileChannel channel) throws IOException {
        this.file = file;
        this.channel = channel;
        this.fileBytes = channel.size();
    }

    Path file() {
        return file;
    }

    long position() {
        return position;
    }

    long remaining() {
        return fileBytes - position;
    }

    /** Checksum of everything read so far. */
    int checksum() {
        return (int) crc.getValue();
    }

    /** Reads exactly so many bytes; the length is compared with what the file has before anything is allocated. */
    byte[] read(int length, String what) throws IOException {
        if (length > remaining()) {
            throw new SnapshotFormatException(
                    file,
                    position,
                    "the file ends too early: " + what + " needs " + length + " bytes, " + remaining() + " are left");
        }
        byte[] bytes = new byte[length];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new SnapshotFormatException(file, position, "the file became shorter while it was read");
            }
        }
        crc.update(bytes);
        position += length;
        return bytes;
    }

    static String checksumProblem(String what, int stored, int computed) {
        return String.format("checksum of the %s is %08x, its bytes have %08x", what, stored, computed);
    }
}
