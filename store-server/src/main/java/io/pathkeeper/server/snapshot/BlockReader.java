package io.pathkeeper.server.snapshot;

import io.pathkeeper.server.encoding.ByteSource;
import io.pathkeeper.server.encoding.CorruptBytesException;
import java.io.IOException;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Takes blocks out of a snapshot and checks each before anything of it is used. Of one thread. Holds one block. */
final class BlockReader implements AutoCloseable {
    private final SnapshotInput input;
    private final Inflater inflater = new Inflater(true);
    private byte[] raw = new byte[SnapshotFormat.BLOCK_BYTES];
    private int expectedNumber;
    private int lastSection;

    BlockReader(SnapshotInput input) {
        this.input = input;
    }

    /**
     * A checked block.
     *
     * @param section what is in it
     * @param records number of its records
     * @param source its records, valid until the next block is read
     * @param position where it begins in the file
     * @param checksumBefore checksum of everything in the file that stands before it
     */
    record Block(int section, int records, ByteSource source, long position, int checksumBefore) {}

    /** Reads and checks the next block. */
    Block next() throws IOException {
        long start = input.position();
        int checksumBefore = input.checksum();
        byte[] header = input.read(SnapshotFormat.BLOCK_HEADER_BYTES, "a block header");
        ByteSource fields = new ByteSource(header);
        try {
            requireHeader(header, start);
            int mark = fields.getByte();
            int section = fields.getByte();
            int codec = fields.getByte();
            int reserved = fields.getByte();
            int number = fields.getFixed32();
            int records = fields.getFixed32();
            int rawLength = fields.getFixed32();
            int storedLength = fields.getFixed32();
            int storedChecksum = fields.getFixed32();
            require(mark == SnapshotFormat.BLOCK_MARK && reserved == 0, start, "it is not the begin of a block");
            require(
                    number == expectedNumber,
                    start,
                    "block " + expectedNumber + " is expected, this is block " + Integer.toUnsignedString(number));
            requireSection(section, start);
            requireLengths(rawLength, storedLength, codec, records, start);
            byte[] stored = input.read(storedLength, "block " + number);
            requireChecksum(stored, storedChecksum, number, start);
            expectedNumber++;
            lastSection = section;
            return new Block(section, records, unpack(stored, codec, rawLength, start), start, checksumBefore);
        } catch (CorruptBytesException e) {
            throw new SnapshotFormatException(input.file(), start + e.position(), String.valueOf(e.getMessage()), e);
        }
    }

    private void requireHeader(byte[] header, long start) throws IOException, CorruptBytesException {
        CRC32C crc = new CRC32C();
        crc.update(header, 0, SnapshotFormat.BLOCK_HEADER_CHECKED_BYTES);
        ByteSource last = new ByteSource(header, SnapshotFormat.BLOCK_HEADER_CHECKED_BYTES, 4);
        int stored = last.getFixed32();
        if (stored != (int) crc.getValue()) {
            throw new SnapshotFormatException(
                    input.file(),
                    start,
                    SnapshotInput.checksumProblem("header of block " + expectedNumber, stored, (int) crc.getValue()));
        }
    }

    private void requireSection(int section, long start) throws SnapshotFormatException {
        int rank = SnapshotFormat.rank(section);
        require(rank >= 0, start, "section " + section + " is unknown");
        require(
                rank >= SnapshotFormat.rank(lastSection),
                start,
                SnapshotFormat.sectionName(section) + " stand behind " + SnapshotFormat.sectionName(lastSection));
    }

    private void requireLengths(int rawLength, int storedLength, int codec, int records, long start)
            throws SnapshotFormatException {
        require(
                rawLength > 0 && rawLength <= SnapshotFormat.MAX_BLOCK_BYTES,
                start,
                "raw length is " + Integer.toUnsignedString(rawLength) + ", 1 to " + SnapshotFormat.MAX_BLOCK_BYTES
                        + " is possible");
        require(records > 0 && records <= rawLength, start, records + " records in " + rawLength + " bytes");
        boolean possible = switch (codec) {
            case SnapshotFormat.CODEC_STORED -> storedLength == rawLength;
            case SnapshotFormat.CODEC_DEFLATE ->
                storedLength > 0 && rawLength <= (long) storedLength * SnapshotFormat.MAX_INFLATION;
            default -> throw new SnapshotFormatException(input.file(), start, "compression " + codec + " is unknown");
        };
        require(possible, start, storedLength + " stored bytes cannot be " + rawLength + " raw bytes");
    }

    private void requireChecksum(byte[] stored, int expected, int number, long start) throws SnapshotFormatException {
        CRC32C crc = new CRC32C();
        crc.update(stored);
        if ((int) crc.getValue() != expected) {
            throw new SnapshotFormatException(
                    input.file(), start, SnapshotInput.checksumProblem("block " + number, expected, (int)
                            crc.getValue()));
        }
    }

    private ByteSource unpack(byte[] stored, int codec, int rawLength, long start) throws SnapshotFormatException {
        if (codec == SnapshotFormat.CODEC_STORED) {
            return new ByteSource(stored);
        }
        if (raw.length < rawLength) {
            raw = new byte[rawLength];
        }
        inflater.reset();
        inflater.setInput(stored);
        try {
            int length = 0;
            int more;
            while (length < rawLength && (more = inflater.inflate(raw, length, rawLength - length)) > 0) {
                length += more;
            }
            boolean complete = length == rawLength && inflater.inflate(new byte[1]) == 0 && inflater.finished();
            require(complete, start, "the block does not unpack to " + rawLength + " bytes");
        } catch (DataFormatException e) {
            throw new SnapshotFormatException(input.file(), start, "the block cannot be unpacked", e);
        }
        return new ByteSource(raw, 0, rawLength);
    }

    private void require(boolean condition, long position, String problem) throws SnapshotFormatException {
        if (!condition) {
            throw new SnapshotFormatException(input.file(), position, problem);
        }
    }

    @Override
    public void close() {
        inflater.end();
    }
}
