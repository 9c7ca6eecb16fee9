package io.pathkeeper.server.value;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * XXH64 with seed 0, as Yann Collet's specification has it. Its results are part of the API (content_hash) and of the digest, so
 * the algorithm never changes.
 */
public final class ValueHash {
    private static final long P1 = 0x9E3779B185EBCA87L;
    private static final long P2 = 0xC2B2AE3D27D4EB4FL;
    private static final long P3 = 0x165667B19E3779F9L;
    private static final long P4 = 0x85EBCA77C2B2AE63L;
    /** P1 + P2, modulo 2 to the 64th. */
    private static final long START1 = 0x60EA27EEADC0B5D6L;

    private static final long P5 = 0x27D4EB2F165667C5L;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private ValueHash() {}

    /** Hash of all bytes. */
    public static long hash64(byte[] bytes) {
        return hash64(bytes, 0, bytes.length);
    }

    /** Hash of a range. */
    public static long hash64(byte[] bytes, int offset, int length) {
        int at = offset;
        int end = offset + length;
        long h;
        if (length >= 32) {
            long v1 = START1;
            long v2 = P2;
            long v3 = 0;
            long v4 = -P1;
            do {
                v1 = round(v1, (long) LONGS.get(bytes, at));
                v2 = round(v2, (long) LONGS.get(bytes, at + 8));
                v3 = round(v3, (long) LONGS.get(bytes, at + 16));
                v4 = round(v4, (long) LONGS.get(bytes, at + 24));
                at += 32;
            } while (at <= end - 32);
            h = Long.rotateLeft(v1, 1) + Long.rotateLeft(v2, 7) + Long.rotateLeft(v3, 12) + Long.rotateLeft(v4, 18);
            h = merge(merge(merge(merge(h, v1), v2), v3), v4);
        } else {
            h = P5;
        }
        return tail(h + length, bytes, at, end);
    }

    private static long tail(long start, byte[] bytes, int from, int end) {
        long h = start;
        int at = from;
        for (; at <= end - 8; at += 8) {
            h = Long.rotateLeft(h ^ round(0, (long) LONGS.get(bytes, at)), 27) * P1 + P4;
        }
        if (at <= end - 4) {
            h = Long.rotateLeft(h ^ ((int) INTS.get(bytes, at) & 0xffffffffL) * P1, 23) * P2 + P3;
            at += 4;
        }
        for (; at < end; at++) {
            h = Long.rotateLeft(h ^ (bytes[at] & 0xff) * P5, 11) * P1;
        }
        return mix(h);
    }

    /** Spreads the bits of a number; different numbers stay different. */
    public static long mix(long number) {
        long h = number;
        h = (h ^ (h >>> 33)) * P2;
        h = (h ^ (h >>> 29)) * P3;
        return h ^ (h >>> 32);
    }

    private static long round(long accumulator, long input) {
        return Long.rotateLeft(accumulator + input * P2, 31) * P1;
    }

    private static long merge(long h, long v) {
        return (h ^ round(0, v)) * P1 + P4;
    }
}
