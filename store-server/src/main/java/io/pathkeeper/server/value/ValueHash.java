package io.pathkeeper.server.value;

/** A fast 64-bit hash of bytes; its results are part of the API (content_hash) and of the digest, so it never changes. */
public final class ValueHash {
    private ValueHash() {}

    /** Hash of all bytes. */
    public static long hash64(byte[] bytes) {
        return hash64(bytes, 0, bytes.length);
    }

    /** Hash of a range. */
    public static long hash64(byte[] bytes, int offset, int length) {
        throw new UnsupportedOperationException();
    }
}
