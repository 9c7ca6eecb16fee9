package io.pathkeeper.server.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** The bytes of a snapshot in a file from the first to the last, with the checksum of all that was read. Of one thread. */
final class SnapshotInput {
    private final Path file;
    private final FileChannel channel;
    private final long start;
    private final long end;
    private final CRC32C crc = new CRC32C();
    private long position;

    /** All of a file. */
    SnapshotInput(Path file, FileChannel channel) throws IOException {
        this(file, channel, 0, channel.size());
    }

    /** A stretch of a file, from {@code start} on to before {@code end}. */
    SnapshotInput(Path file, FileChannel channel, long start, long end) throws IOException {
        this.file = file;
        this.channel = channel;
        this.start = start;
        this.end = end;
        position = start;
        channel.position(start);
    }

    Path file() {
        return file;
    }

    /** Offset in the file where the snapshot begins. */
    long start() {
        return start;
    }

    /** Offset in the file. */
    long position() {
        return position;
    }

    long remaining() {
        return end - position;
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
