package io.pathkeeper.server.snapshot;

import java.nio.charset.StandardCharsets;

/** Numbers of the snapshot format that writer and reader share; see {@code store-server/docs/formats.md}. */
final class SnapshotFormat {
    /** First bytes of the file. The line end shows a transfer that took the file for text. */
    static final byte[] MAGIC = "PKSNAP\r\n".getBytes(StandardCharsets.US_ASCII);

    /** What is written; a reader refuses newer ones. */
    static final int VERSION = 2;

    /** The oldest version that can be read: it has no sessions and no locks. */
    static final int OLDEST_VERSION = 1;

    /** Magic, version, length of the body. */
    static final int HEADER_PREFIX_BYTES = 16;
    /** Longest body of the file header that is believed. */
    static final int MAX_HEADER_BODY_BYTES = 64 << 10;

    /** A block is closed when it has reached this many raw bytes. Records are never split. */
    static final int BLOCK_BYTES = 256 << 10;
    /** A block holds at least one record, which may be larger than {@link #BLOCK_BYTES}; not larger than this. */
    static final int MAX_BLOCK_BYTES = 512 << 20;
    /** Bytes in front of every block. */
    static final int BLOCK_HEADER_BYTES = 28;
    /** Bytes of the block header that its own checksum covers. */
    static final int BLOCK_HEADER_CHECKED_BYTES = 24;
    /** First byte of every block. */
    static final int BLOCK_MARK = 'B';

    /** Sections; {@link #rank} has the order in which they stand in the file. */
    static final int SECTION_ZNODES = 1;

    static final int SECTION_CLIENTS = 2;
    static final int SECTION_HISTORY = 3;
    /** Stands in front of all others. */
    static final int SECTION_SESSIONS = 4;
    /** Stands behind the sessions. */
    static final int SECTION_LOCKS = 5;

    static final int SECTION_TRAILER = 127;

    /** The block is stored as it is. */
    static final int CODEC_STORED = 0;
    /** The block is a raw DEFLATE stream (RFC 1951). */
    static final int CODEC_DEFLATE = 1;

    /** DEFLATE makes at most this many bytes out of one. */
    static final int MAX_INFLATION = 1040;

    private SnapshotFormat() {}

    /** Place of a section among all, from 0; -1 for one that is not known. */
    static int rank(int section) {
        return switch (section) {
            case SECTION_SESSIONS -> 0;
            case SECTION_LOCKS -> 1;
            case SECTION_ZNODES -> 2;
            case SECTION_CLIENTS -> 3;
            case SECTION_HISTORY -> 4;
            case SECTION_TRAILER -> 5;
            default -> -1;
        };
    }

    static String sectionName(int section) {
        return switch (section) {
            case SECTION_SESSIONS -> "sessions";
            case SECTION_LOCKS -> "locks";
            case SECTION_ZNODES -> "znodes";
            case SECTION_CLIENTS -> "clients";
            case SECTION_HISTORY -> "history";
            case SECTION_TRAILER -> "trailer";
            default -> "section " + section;
        };
    }
}
