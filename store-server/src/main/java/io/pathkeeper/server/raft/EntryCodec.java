package io.pathkeeper.server.raft;

import io.pathkeeper.server.encoding.ByteSink;
import io.pathkeeper.server.encoding.ByteSource;
import io.pathkeeper.server.encoding.CorruptBytesException;

/**
 * Format of a log entry: a header, then segments. A segment holds the commands of one origin, in the order of its sequence
 * numbers, each with its length before it.
 *
 * <pre>
 * entry   := version(1) varint(term) varint(wallMillis) varint(clusterMillis) segment*
 * segment := fixed64(origin) varint(firstSequence) varint(count) varint(bytes) (varint(length) command)*
 * </pre>
 */
final class EntryCodec {
    /** Version of this format. */
    static final int VERSION = 1;

    /** Bytes that a segment needs beside its commands, at the most. */
    static final int SEGMENT_OVERHEAD = 8 + 10 + 5 + 5;

    private EntryCodec() {}

    static void putHeader(ByteSink sink, long term, long wallMillis, long clusterMillis) {
        sink.putByte(VERSION);
        sink.putVarint(term);
        sink.putVarint(wallMillis);
        sink.putVarint(clusterMillis);
    }

    static void putSegment(ByteSink sink, long origin, long firstSequence, int count, byte[] commands) {
        sink.putFixed64(origin);
        sink.putVarint(firstSequence);
        sink.putVarint(count);
        sink.putVarint(commands.length);
        sink.putRaw(commands, 0, commands.length);
    }

    /** Reads an entry from front to back. */
    static final class Reader {
        private final byte[] bytes;
        private final ByteSource source;
        private final long term;
        private final long wallMillis;
        private final long clusterMillis;
        private long origin;
        private long firstSequence;
        private int count;
        private int left;
        private int commandOffset;
        private int commandLength;

        Reader(byte[] bytes) throws CorruptBytesException {
            this.bytes = bytes;
            this.source = new ByteSource(bytes);
            int version = source.getByte();
            if (version != VERSION) {
                throw source.corrupt("entry format " + version + " is not known; this server knows " + VERSION);
            }
            this.term = source.getVarint();
            this.wallMillis = source.getVarint();
            this.clusterMillis = source.getVarint();
        }

        /** Goes to the next segment; the commands of the one before must have been read. */
        boolean nextSegment() throws CorruptBytesException {
            if (left != 0) {
                throw source.corrupt(left + " commands of a segment were not read");
            }
            if (source.remaining() == 0) {
                return false;
            }
            origin = source.getFixed64();
            firstSequence = source.getVarint();
            count = source.getInt(Integer.MAX_VALUE, "number of commands");
            int length = source.getInt(source.remaining(), "bytes of a segment");
            if (count == 0 || count > length) {
                throw source.corrupt(count + " commands cannot stand in " + length + " bytes");
            }
            left = count;
            return true;
        }

        /** Goes to the next command of the segment. */
        boolean nextCommand() throws CorruptBytesException {
            if (left == 0) {
                return false;
            }
            left--;
            commandLength = source.getInt(source.remaining(), "bytes of a command");
            commandOffset = source.position();
            source.skip(commandLength, "command");
            return true;
        }

        byte[] bytes() {
            return bytes;
        }

        long term() {
            return term;
        }

        long wallMillis() {
            return wallMillis;
        }

        long clusterMillis() {
            return clusterMillis;
        }

        long origin() {
            return origin;
        }

        long firstSequence() {
            return firstSequence;
        }

        int count() {
            return count;
        }

        int commandOffset() {
            return commandOffset;
        }

        int commandLength() {
            return commandLength;
        }
    }
}
