package io.pathkeeper.server.snapshot;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.BooleanSupplier;

/** The bytes of a snapshot file on their way to the disk, with their MD5. Of one thread. */
final class SnapshotOutput extends OutputStream {
    private final FileChannel channel;
    private final Path target;
    private final BooleanSupplier cancelled;
    private final MessageDigest md5;

    SnapshotOutput(FileChannel channel, Path target, BooleanSupplier cancelled) {
        this.channel = channel;
        this.target = target;
        this.cancelled = cancelled;
        try {
            this.md5 = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    /** MD5 of everything written. Ends the computation. */
    byte[] md5() {
        return md5.digest();
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (cancelled.getAsBoolean()) {
            throw new SnapshotCancelledException(target);
        }
        md5.update(bytes, offset, length);
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
