package io.pathkeeper.server.snapshot;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32C;

/** The bytes of a snapshot on their way, with the checksum and the number of all that were written. Of one thread at a time. */
final class SnapshotBytes extends OutputStream {
    private final OutputStream target;
    private final CRC32C crc = new CRC32C();
    private long position;

    SnapshotBytes(OutputStream target) {
        this.target = target;
    }

    /** Checksum of everything written so far. */
    int checksum() {
        return (int) crc.getValue();
    }

    /** Number of bytes written so far. */
    long position() {
        return position;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        target.write(bytes, offset, length);
        crc.update(bytes, offset, length);
        position += length;
    }
}
