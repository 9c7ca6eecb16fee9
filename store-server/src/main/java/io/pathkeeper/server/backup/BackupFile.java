package io.pathkeeper.server.backup;

import io.pathkeeper.server.backup.BackupFormatException.Problem;
import io.pathkeeper.server.encoding.ByteSource;
import io.pathkeeper.server.encoding.CorruptBytesException;
import io.pathkeeper.server.snapshot.RestoredSnapshot;
import io.pathkeeper.server.snapshot.SnapshotFormatException;
import io.pathkeeper.server.snapshot.SnapshotReader;
import io.pathkeeper.server.snapshot.SnapshotVersionException;
import io.pathkeeper.server.snapshot.SnapshotZnodes;
import io.pathkeeper.server.state.StateLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;

/** A backup in a file, whose bytes are all as they were written: {@link #open} reads and compares every one. Blocks its caller for the disk. Immutable. */
public final class BackupFile {
    private static final int BUFFER_BYTES = 1 << 20;

    private final Path file;
    private final BackupHead head;
    private final long snapshotStart;
    private final long snapshotEnd;
    private final byte[] sha256;

    private BackupFile(Path file, BackupHead head, long snapshotStart, long snapshotEnd, byte[] sha256) {
        this.file = file;
        this.head = head;
        this.snapshotStart = snapshotStart;
        this.snapshotEnd = snapshotEnd;
        this.sha256 = sha256;
    }

    /**
     * Reads all of a file and compares its checksum.
     *
     * @throws BackupFormatException when it is no backup, or one that is cut off, damaged or of a newer release
     * @throws IOException when it cannot be read
     */
    public static BackupFile open(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            byte[] prefix = read(channel, 0, (int) Math.min(size, BackupFormat.HEAD_PREFIX_BYTES));
            int headBytes = BackupHead.bytes(file, prefix);
            long endStart = size - BackupFormat.END_BYTES;
            if (endStart < headBytes) {
                throw BackupHead.incomplete(file, size);
            }
            BackupHead head = BackupHead.parse(file, read(channel, 0, headBytes));
            byte[] end = read(channel, endStart, BackupFormat.END_BYTES);
            int magicBytes = BackupFormat.END_MAGIC.length;
            if (!Arrays.equals(end, 0, magicBytes, BackupFormat.END_MAGIC, 0, magicBytes)) {
                throw BackupHead.incomplete(file, size);
            }
            requireLength(file, end, endStart - headBytes);
            byte[] whole = requireChecksum(file, channel, size, end);
            return new BackupFile(file, head, headBytes, endStart, whole);
        }
    }

    private static void requireLength(Path file, byte[] end, long found) throws BackupFormatException {
        try {
            long told = new ByteSource(end, BackupFormat.END_MAGIC.length, 8).getFixed64();
            if (told != found) {
                throw new BackupFormatException(
                        file, Problem.DAMAGED, "its end tells of " + told + " bytes of data, the file has " + found);
            }
        } catch (CorruptBytesException e) {
            throw new IllegalStateException("eight bytes hold a number", e);
        }
    }

    private static byte[] requireChecksum(Path file, FileChannel channel, long size, byte[] end) throws IOException {
        MessageDigest digest = BackupFormat.sha256();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        long left = size - BackupFormat.SHA_BYTES;
        channel.position(0);
        while (left > 0) {
            buffer.clear().limit((int) Math.min(left, BUFFER_BYTES));
            int count = channel.read(buffer);
            if (count < 0) {
                throw BackupHead.incomplete(file, size - left);
            }
            digest.update(buffer.flip());
            left -= count;
        }
        byte[] stored = Arrays.copyOfRange(end, end.length - BackupFormat.SHA_BYTES, end.length);
        byte[] before = copy(digest).digest();
        if (!Arrays.equals(stored, before)) {
            throw new BackupFormatException(
                    file,
                    Problem.DAMAGED,
                    "its checksum differs from that of its bytes: it was changed, so use another one");
        }
        digest.update(stored);
        return digest.digest();
    }

    private static MessageDigest copy(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the platform's SHA-256 can be copied", e);
        }
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

    /** The file. */
    public Path file() {
        return file;
    }

    /** What it says of itself. */
    public BackupHead head() {
        return head;
    }

    /** Its size. */
    public long fileBytes() {
        return snapshotEnd + BackupFormat.END_BYTES;
    }

    /** SHA-256 of the whole file. */
    public byte[] sha256() {
        return sha256.clone();
    }

    /**
     * Reads everything in it into a state, which proves that it can be restored: every record is checked, and the state has the digest that the
     * backup tells.
     *
     * @param limits limits of the state from now on
     * @throws BackupFormatException when anything in it contradicts itself
     */
    public RestoredSnapshot read(StateLimits limits) throws IOException {
        try {
            return SnapshotReader.read(file, snapshotStart, snapshotEnd, limits);
        } catch (SnapshotFormatException e) {
            throw contradiction(e);
        }
    }

    /** The znodes in it, in the order of a scan; to be closed. Throws {@link SnapshotFormatException} when it was made wrong. */
    public SnapshotZnodes znodes() throws IOException {
        try {
            return new SnapshotZnodes(file, snapshotStart, snapshotEnd);
        } catch (SnapshotFormatException e) {
            throw contradiction(e);
        }
    }

    private BackupFormatException contradiction(SnapshotFormatException e) {
        Problem problem = e instanceof SnapshotVersionException ? Problem.NEWER : Problem.DAMAGED;
        return new BackupFormatException(file, problem, String.valueOf(e.getMessage()), e);
    }
}
