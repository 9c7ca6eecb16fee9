package io.pathkeeper.server.encoding;

import java.util.Arrays;

/**
 * A growable buffer that stored formats are written to. Writing makes no garbage besides the growth of the buffer itself; a sink
 * is meant to be cleared and used again. Not safe for use by several threads at once.
 *
 * <p>Every method throws {@link IllegalStateException} when the content would pass {@link #MAX_BYTES}.
 */
public final class ByteSink {
    /** The most that one sink holds, in bytes: far above any entry or block, far below what an array can be. */
    public static final int MAX_BYTES = 1 << 30;

    private static final int MAX_VARINT_BYTES = 10;

    private byte[] bytes;
    private int size;

    /**
     * Makes an empty sink.
     *
     * @param initialBytes room to begin with
     */
    public ByteSink(int initialBytes) {
        bytes = new byte[Math.max(16, initialBytes)];
    }

    /** Number of bytes written since the last {@link #clear()}. */
    public int size() {
        return size;
    }

    /** The array behind the sink, valid from 0 to {@link #size()} and only until the next write. */
    public byte[] array() {
        return bytes;
    }

    /** A copy of the content. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** Forgets the content and keeps the room. */
    public void clear() {
        size = 0;
    }

    /** Forgets everything after the first {@code newSize} bytes: takes back what was written since. */
    public void truncate(int newSize) {
        if (newSize < 0 || newSize > size) {
            throw new IllegalArgumentException("cannot truncate " + size + " bytes to " + newSize);
        }
        size = newSize;
    }

    /** Appends one byte, the low eight bits. */
    public void putByte(int value) {
        ensure(1);
        bytes[size++] = (byte) value;
    }

    /** Appends four bytes, little end first. */
    public void putFixed32(int value) {
        ensure(4);
        for (int i = 0; i < 4; i++) {
            bytes[size++] = (byte) (value >>> (8 * i));
        }
    }

    /** Appends eight bytes, little end first. */
    public void putFixed64(long value) {
        ensure(8);
        for (int i = 0; i < 8; i++) {
            bytes[size++] = (byte) (value >>> (8 * i));
        }
    }

    /** Overwrites four bytes written before, little end first. */
    public void setFixed32(int position, int value) {
        if (position < 0 || position > size - 4) {
            throw new IllegalArgumentException("no four bytes at " + position + " of " + size);
        }
        for (int i = 0; i < 4; i++) {
            bytes[position + i] = (byte) (value >>> (8 * i));
        }
    }

    /** Appends a number as 1 to 10 bytes of seven bits, low bits first; negative numbers take ten. */
    public void putVarint(long value) {
        ensure(MAX_VARINT_BYTES);
        byte[] target = bytes;
        int at = size;
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            target[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        target[at++] = (byte) rest;
        size = at;
    }

    /** Appends a number so that small ones of either sign are short. */
    public void putZigzag(long value) {
        putVarint((value << 1) ^ (value >> 63));
    }

    /** Appends bytes as they are. */
    public void putRaw(byte[] source, int offset, int length) {
        ensure(length);
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
    }

    /** Appends the length as a varint and the bytes. */
    public void putBytes(byte[] source) {
        putVarint(source.length);
        putRaw(source, 0, source.length);
    }

    /**
     * Appends the length in bytes as a varint and the text as UTF-8.
     *
     * @throws IllegalArgumentException when the text has an unpaired surrogate
     */
    public void putText(String text) {
        int length = text.length();
        int start = size;
        ensure(length + MAX_VARINT_BYTES);
        putVarint(length);
        byte[] target = bytes;
        int at = size;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                size = start;
                putWideText(text);
                return;
            }
            target[at++] = (byte) c;
        }
        size = at;
    }

    private void putWideText(String text) {
        int start = size;
        putVarint(utf8Length(text, start));
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            putCodePoint(c);
        }
    }

    private static int utf8Length(String text, int start) {
        long length = 0;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                throw new IllegalArgumentException("text has an unpaired surrogate at character " + i);
            }
            i += Character.charCount(c);
            length += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
        }
        if (start + length > MAX_BYTES) {
            throw tooLarge(start + length);
        }
        return (int) length;
    }

    private void putCodePoint(int c) {
        if (c < 0x80) {
            putByte(c);
        } else if (c < 0x800) {
            putByte(0xc0 | (c >>> 6));
            putByte(0x80 | (c & 0x3f));
        } else if (c < 0x10000) {
            putByte(0xe0 | (c >>> 12));
            putByte(0x80 | ((c >>> 6) & 0x3f));
            putByte(0x80 | (c & 0x3f));
        } else {
            putByte(0xf0 | (c >>> 18));
            putByte(0x80 | ((c >>> 12) & 0x3f));
            putByte(0x80 | ((c >>> 6) & 0x3f));
            putByte(0x80 | (c & 0x3f));
        }
    }

    private void ensure(int more) {
        long needed = (long) size + more;
        if (needed > bytes.length) {
            if (needed > MAX_BYTES) {
                throw tooLarge(needed);
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_BYTES, Math.max(needed, 2L * bytes.length)));
        }
    }

    private static IllegalStateException tooLarge(long needed) {
        return new IllegalStateException("stored bytes would be " + needed + ", the limit is " + MAX_BYTES);
    }
}
