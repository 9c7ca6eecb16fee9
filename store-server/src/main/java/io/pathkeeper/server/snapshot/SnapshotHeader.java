package io.pathkeeper.server.snapshot;

import io.pathkeeper.server.encoding.ByteSink;
import io.pathkeeper.server.encoding.ByteSource;
import io.pathkeeper.server.encoding.CorruptBytesException;
import io.pathkeeper.server.state.EntryClock;
import io.pathkeeper.server.state.PinnedState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * What stands at the beginning of a snapshot.
 *
 * @param clusterId identity of the cluster
 * @param term Raft term of the last applied entry
 * @param index log index of the last applied entry
 * @param revision revision of the tree
 * @param clock the clocks of the last applied entry
 * @param historyStart first revision that the history can answer
 * @param znodeCount number of znodes, the root included
 */
public record SnapshotHeader(
        String clusterId, long term, long index, long revision, EntryClock clock, long historyStart, long znodeCount) {

    static SnapshotHeader of(SnapshotOrigin origin, PinnedState state) {
        return new SnapshotHeader(
                origin.clusterId(),
                origin.term(),
                origin.index(),
                state.view().revision(),
                state.clock(),
                state.historyStart(),
                state.view().znodeCount());
    }

    /**
     * Reads and checks the beginning of a snapshot, and nothing behind it: cheap, but no proof that the rest is there.
     *
     * @throws SnapshotFormatException when it is damaged, or no snapshot at all
     * @throws SnapshotVersionException when it was written by a newer release
     * @throws IOException when the file cannot be read
     */
    public static SnapshotHeader read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return read(new SnapshotInput(file, channel));
        }
    }

    static SnapshotHeader read(SnapshotInput input) throws IOException {
        byte[] prefix = input.read(SnapshotFormat.HEADER_PREFIX_BYTES, "the file header");
        int magicBytes = SnapshotFormat.MAGIC.length;
        if (!Arrays.equals(prefix, 0, magicBytes, SnapshotFormat.MAGIC, 0, magicBytes)) {
            throw new SnapshotFormatException(input.file(), input.start(), "it does not begin as a snapshot does");
        }
        ByteBuffer numbers = ByteBuffer.wrap(prefix).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        int version = numbers.getInt(magicBytes);
        int bodyBytes = numbers.getInt(magicBytes + 4);
        if (Integer.compareUnsigned(version, SnapshotFormat.VERSION) > 0) {
            throw new SnapshotVersionException(input.file(), version);
        }
        if (version < SnapshotFormat.OLDEST_VERSION) {
            throw new SnapshotFormatException(
                    input.file(), input.start() + magicBytes, "there is no format version " + version);
        }
        if (bodyBytes < 0 || bodyBytes > SnapshotFormat.MAX_HEADER_BODY_BYTES) {
            throw new SnapshotFormatException(
                    input.file(),
                    input.start() + magicBytes + 4L,
                    "length of the file header is " + Integer.toUnsignedString(bodyBytes) + ", at most "
                            + SnapshotFormat.MAX_HEADER_BODY_BYTES + " is possible");
        }
        byte[] rest = input.read(bodyBytes + 4, "the file header");
        requireChecksum(input, prefix, rest, bodyBytes);
        return parse(input, new ByteSource(rest, 0, bodyBytes));
    }

    private static void requireChecksum(SnapshotInput input, byte[] prefix, byte[] rest, int bodyBytes)
            throws SnapshotFormatException {
        CRC32C crc = new CRC32C();
        crc.update(prefix);
        crc.update(rest, 0, bodyBytes);
        int stored =
                ByteBuffer.wrap(rest).order(java.nio.ByteOrder.LITTLE_ENDIAN).getInt(bodyBytes);
        if (stored != (int) crc.getValue()) {
            throw new SnapshotFormatException(
                    input.file(), input.start(), SnapshotInput.checksumProblem("file header", stored, (int)
                            crc.getValue()));
        }
    }

    private static SnapshotHeader parse(SnapshotInput input, ByteSource source) throws SnapshotFormatException {
        try {
            SnapshotHeader header = new SnapshotHeader(
                    source.getText("cluster id"),
                    source.getVarint(),
                    source.getVarint(),
                    source.getVarint(),
                    new EntryClock(source.getZigzag(), source.getZigzag()),
                    source.getVarint(),
                    source.getVarint());
            source.requireEnd();
            return header;
        } catch (CorruptBytesException e) {
            throw new SnapshotFormatException(
                    input.file(),
                    input.start() + SnapshotFormat.HEADER_PREFIX_BYTES + e.position(),
                    String.valueOf(e.getMessage()),
                    e);
        }
    }

    /** The binary form, checksum included. */
    byte[] toBytes() {
        ByteSink sink = new ByteSink(256);
        sink.putRaw(SnapshotFormat.MAGIC, 0, SnapshotFormat.MAGIC.length);
        sink.putFixed32(SnapshotFormat.VERSION);
        sink.putFixed32(0);
        sink.putText(clusterId);
        sink.putVarint(term);
        sink.putVarint(index);
        sink.putVarint(revision);
        sink.putZigzag(clock.wallMillis());
        sink.putZigzag(clock.clusterMillis());
        sink.putVarint(historyStart);
        sink.putVarint(znodeCount);
        int bodyBytes = sink.size() - SnapshotFormat.HEADER_PREFIX_BYTES;
        if (bodyBytes > SnapshotFormat.MAX_HEADER_BODY_BYTES) {
            throw new IllegalArgumentException("cluster id has " + clusterId.length() + " characters, too many");
        }
        sink.setFixed32(SnapshotFormat.MAGIC.length + 4, bodyBytes);
        CRC32C crc = new CRC32C();
        crc.update(sink.array(), 0, sink.size());
        sink.putFixed32((int) crc.getValue());
        return sink.toByteArray();
    }
}
