package io.pathkeeper.server.backup;

import io.pathkeeper.server.backup.BackupFormatException.Problem;
import io.pathkeeper.server.encoding.ByteSink;
import io.pathkeeper.server.encoding.ByteSource;
import io.pathkeeper.server.encoding.CorruptBytesException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * What stands at the beginning of a backup.
 *
 * @param clusterId cluster that it was taken from
 * @param memberId server that it was taken from
 * @param serverVersion version of that server
 * @param revision revision of everything in it
 * @param znodeCount number of znodes, the root included
 * @param createdAtMillis when it was begun, in Unix milliseconds
 */
public record BackupHead(
        String clusterId, String memberId, String serverVersion, long revision, long znodeCount, long createdAtMillis) {

    /** Version of the format that is written. */
    public static int formatVersion() {
        return BackupFormat.VERSION;
    }

    /** The binary form, checksum included. */
    byte[] toBytes() {
        ByteSink sink = new ByteSink(256);
        sink.putRaw(BackupFormat.MAGIC, 0, BackupFormat.MAGIC.length);
        sink.putFixed32(BackupFormat.VERSION);
        sink.putFixed32(0);
        sink.putText(clusterId);
        sink.putText(memberId);
        sink.putText(serverVersion);
        sink.putVarint(revision);
        sink.putVarint(znodeCount);
        sink.putVarint(createdAtMillis);
        sink.setFixed32(BackupFormat.MAGIC.length + 4, sink.size() - BackupFormat.HEAD_PREFIX_BYTES);
        CRC32C crc = new CRC32C();
        crc.update(sink.array(), 0, sink.size());
        sink.putFixed32((int) crc.getValue());
        return sink.toByteArray();
    }

    /**
     * Length of the whole head, from its first bytes, which are checked.
     *
     * @param prefix the file's first {@link BackupFormat#HEAD_PREFIX_BYTES} bytes, or all of it when it has fewer
     */
    static int bytes(Path file, byte[] prefix) throws BackupFormatException {
        int magicBytes = BackupFormat.MAGIC.length;
        int common = Math.min(prefix.length, magicBytes);
        if (prefix.length == 0) {
            throw new BackupFormatException(file, Problem.INCOMPLETE, "it is empty: take another one");
        }
        if (!Arrays.equals(prefix, 0, common, BackupFormat.MAGIC, 0, common)) {
            String begin = new String(prefix, 0, common, java.nio.charset.StandardCharsets.ISO_8859_1);
            throw new BackupFormatException(
                    file,
                    Problem.NO_BACKUP,
                    begin.startsWith("PKSNAP")
                            ? "it is a snapshot out of a server's data directory, not a backup (pathctl backup save makes one)"
                            : "it does not begin as a backup does, so it is something else");
        }
        if (prefix.length < BackupFormat.HEAD_PREFIX_BYTES) {
            throw incomplete(file, prefix.length);
        }
        try {
            ByteSource numbers = new ByteSource(prefix, magicBytes, 8);
            int version = numbers.getFixed32();
            if (Integer.compareUnsigned(version, BackupFormat.VERSION) > 0) {
                throw new BackupFormatException(
                        file,
                        Problem.NEWER,
                        "its format version is " + Integer.toUnsignedString(version) + ", this release reads up to "
                                + BackupFormat.VERSION + ": use a release at least as new as the one that wrote it");
            }
            int body = numbers.getFixed32();
            if (version < 1 || body < 0 || body > BackupFormat.MAX_HEAD_BODY_BYTES) {
                throw new BackupFormatException(
                        file, Problem.DAMAGED, "its head says version " + version + " and " + body + " bytes");
            }
            return BackupFormat.HEAD_PREFIX_BYTES + body + 4;
        } catch (CorruptBytesException e) {
            throw new IllegalStateException("sixteen bytes hold two numbers", e);
        }
    }

    static BackupFormatException incomplete(Path file, long bytes) {
        return new BackupFormatException(
                file,
                Problem.INCOMPLETE,
                "it ends at byte " + bytes
                        + " without the mark of a finished backup: it was cut off, so take another one");
    }

    /** Reads the whole head, of the length that {@link #bytes} told. */
    static BackupHead parse(Path file, byte[] head) throws BackupFormatException {
        CRC32C crc = new CRC32C();
        crc.update(head, 0, head.length - 4);
        try {
            int stored = new ByteSource(head, head.length - 4, 4).getFixed32();
            if (stored != (int) crc.getValue()) {
                throw new BackupFormatException(
                        file,
                        Problem.DAMAGED,
                        String.format(
                                "checksum of its head is %08x, its bytes have %08x", stored, (int) crc.getValue()));
            }
            int from = BackupFormat.HEAD_PREFIX_BYTES;
            ByteSource source = new ByteSource(head, from, head.length - 4 - from);
            BackupHead read = new BackupHead(
                    source.getText("cluster id"),
                    source.getText("member id"),
                    source.getText("server version"),
                    source.getVarint(),
                    source.getVarint(),
                    source.getVarint());
            source.requireEnd();
            return read;
        } catch (CorruptBytesException e) {
            throw new BackupFormatException(file, Problem.DAMAGED, "its head: " + e.getMessage(), e);
        }
    }
}
