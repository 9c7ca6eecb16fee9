package io.pathkeeper.it.bench;

import java.nio.ByteBuffer;

/** Values that carry a time of {@link System#nanoTime()} of this process, so that whoever gets one knows how old it is. */
final class Stamp {
    private Stamp() {}

    /** A value of so many bytes, at least eight, with a time. */
    static byte[] value(long nanos, int bytes) {
        return ByteBuffer.allocate(Math.max(Long.BYTES, bytes)).putLong(nanos).array();
    }

    /**
     * The time in a value.
     *
     * @throws IllegalArgumentException when the value is too short to have one
     */
    static long nanos(byte[] value) {
        if (value.length < Long.BYTES) {
            throw new IllegalArgumentException("a value of " + value.length + " bytes has no time in it");
        }
        return ByteBuffer.wrap(value).getLong();
    }
}
