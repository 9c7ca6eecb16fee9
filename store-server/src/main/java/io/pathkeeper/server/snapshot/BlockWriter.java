package io.pathkeeper.server.snapshot;

import io.pathkeeper.server.encoding.ByteSink;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32C;
import java.util.zip.Deflater;

/**
 * Puts blocks into a snapshot: collects records, compresses, checksums, writes. Of one thread. Holds one block raw and one
 * compressed.
 *
 * <p>Compression is fast DEFLATE. When it saves too little, as with values that are random or compressed already, the following
 * blocks are stored as they are, and then it is tried again.
 */
final class BlockWriter implements AutoCloseable {
    /** Blocks stored without a try after one that did not shrink. */
    private static final int SKIPPED_TRIES = 15;

    private final OutputStream out;
    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    private final ByteSink raw = new ByteSink(SnapshotFormat.BLOCK_BYTES + (64 << 10));
    private final ByteSink header = new ByteSink(SnapshotFormat.BLOCK_HEADER_BYTES);
    private byte[] packed = new byte[SnapshotFormat.BLOCK_BYTES];
    private int section;
    private int records;
    private int number;
    private int triesToSkip;
    private long rawBytes;

    BlockWriter(OutputStream out) {
        this.out = out;
    }

    /** Begins a section; the section before must be ended. */
    void begin(int newSection) {
        section = newSection;
    }

    /** Where the next record is to be written. */
    ByteSink sink() {
        return raw;
    }

    /** Raw size of all blocks so far. */
    long rawBytes() {
        return rawBytes;
    }

    /**
     * Ends a record.
     *
     * @return whether this ended the block, too: what one record leaves out because of the one before must start anew
     */
    boolean endRecord() throws IOException {
        records++;
        if (raw.size() < SnapshotFormat.BLOCK_BYTES) {
            return false;
        }
        endBlock();
        return true;
    }

    /** Ends the block if anything is in it. */
    void endBlock() throws IOException {
        if (records == 0) {
            return;
        }
        int rawLength = raw.size();
        if (rawLength > SnapshotFormat.MAX_BLOCK_BYTES) {
            throw new IOException("a record of the " + SnapshotFormat.sectionName(section) + " has " + rawLength
                    + " bytes, the limit is " + SnapshotFormat.MAX_BLOCK_BYTES);
        }
        int packedLength = section == SnapshotFormat.SECTION_TRAILER ? 0 : compress(rawLength);
        if (packedLength > 0) {
            write(SnapshotFormat.CODEC_DEFLATE, rawLength, packed, packedLength);
        } else {
            write(SnapshotFormat.CODEC_STORED, rawLength, raw.array(), rawLength);
        }
        rawBytes += rawLength;
        raw.clear();
        records = 0;
        number++;
    }

    /** Compresses the block; 0 when that is not worth it. */
    private int compress(int rawLength) {
        if (triesToSkip > 0) {
            triesToSkip--;
            return 0;
        }
        int worthwhile = rawLength - rawLength / 5;
        if (packed.length < worthwhile) {
            packed = new byte[worthwhile];
        }
        deflater.reset();
        deflater.setInput(raw.array(), 0, rawLength);
        deflater.finish();
        int length = 0;
        while (!deflater.finished() && length < worthwhile) {
            length += deflater.deflate(packed, length, worthwhile - length);
        }
        if (!deflater.finished()) {
            triesToSkip = SKIPPED_TRIES;
            return 0;
        }
        return length;
    }

    private void write(int codec, int rawLength, byte[] stored, int storedLength) throws IOException {
        CRC32C crc = new CRC32C();
        crc.update(stored, 0, storedLength);
        header.clear();
        header.putByte(SnapshotFormat.BLOCK_MARK);
        header.putByte(section);
        header.putByte(codec);
        header.putByte(0);
        header.putFixed32(number);
        header.putFixed32(records);
        header.putFixed32(rawLength);
        header.putFixed32(storedLength);
        header.putFixed32((int) crc.getValue());
        crc.reset();
        crc.update(header.array(), 0, header.size());
        header.putFixed32((int) crc.getValue());
        out.write(header.array(), 0, header.size());
        out.write(stored, 0, storedLength);
    }

    @Override
    public void close() {
        deflater.end();
    }
}
