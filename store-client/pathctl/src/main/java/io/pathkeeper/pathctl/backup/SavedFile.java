package io.pathkeeper.pathctl.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The frame of a backup's file: mark and version in front, mark, length and SHA-256 at the end. What is between is the server's.
 *
 * @param bytes size of the file
 * @param sha256 SHA-256 of all of it, as {@code sha256sum} prints it
 */
record SavedFile(long bytes, String sha256) {
    private static final byte[] MAGIC = "PKBACKUP".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END_MAGIC = "PKBAKEND".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int HEAD_BYTES = 12;
    private static final int SHA_BYTES = 32;
    private static final int END_BYTES = 16 + SHA_BYTES;
    private static final int BUFFER_BYTES = 1 << 20;

    /** The file is no backup that is complete, unchanged and of a known version; the message says what it is. */
    static final class UnusableException extends IOException {
        private static final long serialVersionUID = 1L;

        UnusableException(String message) {
            super(message);
        }
    }

    /** Reads all of a file. Blocks for the disk. */
    static SavedFile check(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            byte[] head = read(channel, 0, (int) Math.min(HEAD_BYTES, size));
            requireHead(head);
            if (size < HEAD_BYTES + END_BYTES) {
                throw cut(size);
            }
            byte[] end = read(channel, size - END_BYTES, END_BYTES);
            if (!Arrays.equals(end, 0, 8, END_MAGIC, 0, 8)) {
                throw cut(size);
            }
            return new SavedFile(size, requireChecksum(channel, size, end));
        }
    }

    private static void requireHead(byte[] head) throws UnusableException {
        int common = Math.min(head.length, MAGIC.length);
        if (head.length == 0) {
            throw new UnusableException("it is empty: take another one");
        }
        if (!Arrays.equals(head, 0, common, MAGIC, 0, common)) {
            throw new UnusableException("it does not begin as a backup does, so it is something else");
        }
        if (head.length < HEAD_BYTES) {
            throw cut(head.length);
        }
        int version = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt(8);
        if (Integer.compareUnsigned(version, VERSION) > 0) {
            throw new UnusableException(
                    "its format version is " + Integer.toUnsignedString(version) + ", this release reads up to "
                            + VERSION + ": use a release at least as new as the one that wrote it");
        }
    }

    private static UnusableException cut(long size) {
        return new UnusableException("it ends at byte " + size
                + " without the mark of a finished backup: it was cut off, so take another one");
    }

    private static String requireChecksum(FileChannel channel, long size, byte[] end) throws IOException {
        MessageDigest before = newDigest();
        MessageDigest whole = newDigest();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        long left = size - SHA_BYTES;
        channel.position(0);
        while (left > 0) {
            buffer.clear().limit((int) Math.min(left, BUFFER_BYTES));
            int count = channel.read(buffer);
            if (count < 0) {
                throw cut(size - left);
            }
            before.update(buffer.flip());
            whole.update(buffer.rewind());
            left -= count;
        }
        byte[] stored = Arrays.copyOfRange(end, END_BYTES - SHA_BYTES, END_BYTES);
        if (!Arrays.equals(stored, before.digest())) {
            throw new UnusableException(
                    "its checksum differs from that of its bytes: it was changed, so use another one");
        }
        whole.update(stored);
        return HexFormat.of().formatHex(whole.digest());
    }

    private static byte[] read(FileChannel channel, long from, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, from + buffer.position()) < 0) {
                throw new IOException("the file became shorter while it was read");
            }
        }
        return buffer.array();
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
