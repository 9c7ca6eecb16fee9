package io.pathkeeper.server.backup;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Numbers of the backup format that writer and reader share; see {@code store-server/docs/formats.md}. */
final class BackupFormat {
    /** First bytes of the file. */
    static final byte[] MAGIC = "PKBACKUP".getBytes(StandardCharsets.US_ASCII);
    /** First bytes of the end. */
    static final byte[] END_MAGIC = "PKBAKEND".getBytes(StandardCharsets.US_ASCII);
    /** What is written; a reader refuses newer ones. */
    static final int VERSION = 1;
    /** Magic, version, length of the body. */
    static final int HEAD_PREFIX_BYTES = 16;
    /** Longest body of the head that is believed. */
    static final int MAX_HEAD_BODY_BYTES = 64 << 10;

    static final int SHA_BYTES = 32;
    /** Magic, length of the snapshot, SHA-256. */
    static final int END_BYTES = 16 + SHA_BYTES;

    private BackupFormat() {}

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
