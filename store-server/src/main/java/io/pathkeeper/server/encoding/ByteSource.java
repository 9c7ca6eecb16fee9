package io.pathkeeper.server.encoding;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what a {@link ByteSink} wrote. Trusts nothing: whatever the bytes are, a read gives a value or throws
 * {@link CorruptBytesException}, and nothing is allocated that is larger than what is left of the input. Positions are counted
 * from the start of the input. Not safe for use by several threads at once.
 */
public final class ByteSource {
    private final byte[] bytes;
    private final int start;
    private final int end;
    private int at;

    /** Reads a part of an array, which must not change meanwhile. */
    public ByteSource(byte[] bytes, int offset, int length) {
        if ((offset | length) < 0 || length > bytes.length - offset) {
            throw new IllegalArgumentException(
                    "no " + length + " bytes at " + offset + " of an array of " + bytes.length);
        }
        this.bytes = bytes;
        this.start = offset;
        this.at = offset;
        this.end = offset + length;
    }

    /** Reads a whole array. */
    public ByteSource(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    /** Offset of the next byte from the start of the input. */
    public int position() {
        return at - start;
    }

    /** Number of bytes that are left. */
    public int remaining() {
        return end - at;
    }

    /** Makes the exception that tells of a problem at the place where reading is now. */
    public CorruptBytesException corrupt(String problem) {
        return new CorruptBytesException(position(), problem);
    }

    /** Throws unless everything was read. */
    public void requireEnd() throws CorruptBytesException {
        if (at != end) {
            throw corrupt(remaining() + " bytes stand behind the end");
        }
    }

    /** Reads one byte as 0 to 255. */
    public int getByte() throws CorruptBytesException {
        require(1, "a byte");
        return bytes[at++] & 0xff;
    }

    /** Reads four bytes, little end first. */
    public int getFixed32() throws CorruptBytesException {
        require(4, "a 32-bit number");
        int value = 0;
        for (int i = 0; i < 4; i++) {
            value |= (bytes[at++] & 0xff) << (8 * i);
        }
        return value;
    }

    /** Reads eight bytes, little end first. */
    public long getFixed64() throws CorruptBytesException {
        require(8, "a 64-bit number");
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value |= (bytes[at++] & 0xffL) << (8 * i);
        }
        return value;
    }

    /** Reads a number of 1 to 10 bytes of seven bits. */
    public long getVarint() throws CorruptBytesException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at == end) {
                throw corrupt("the input ends inside a number");
            }
            byte next = bytes[at++];
            if (shift == 63 && (next & 0xfe) != 0) {
                throw corrupt("a number has more than 64 bits");
            }
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw corrupt("a number has more than 10 bytes");
    }

    /** Reads a number that was written so that small ones of either sign are short. */
    public long getZigzag() throws CorruptBytesException {
        long raw = getVarint();
        return (raw >>> 1) ^ -(raw & 1);
    }

    /** Reads a varint from 0 to {@code max}; {@code what} names it in the error. */
    public int getInt(int max, String what) throws CorruptBytesException {
        int before = at;
        long value = getVarint();
        if (value < 0 || value > max) {
            at = before;
            throw corrupt(what + " is " + Long.toUnsignedString(value) + ", at most " + max + " is possible");
        }
        return (int) value;
    }

    /**
     * Reads a number of things that follow, each at least {@code minBytesEach} long: more than what is left could hold is
     * refused.
     */
    public int getCount(int minBytesEach, String what) throws CorruptBytesException {
        int before = at;
        long count = getVarint();
        int left = remaining();
        if (count < 0 || count > left / minBytesEach) {
            at = before;
            throw corrupt(
                    "number of " + what + " is " + Long.toUnsignedString(count) + ", but " + left + " bytes are left");
        }
        return (int) count;
    }

    /** Reads a byte that stands for one of {@code constants} by its ordinal. */
    public <E extends Enum<E>> E getEnum(E[] constants, String what) throws CorruptBytesException {
        int ordinal = getByte();
        if (ordinal >= constants.length) {
            at--;
            throw corrupt(what + " " + ordinal + " is unknown, the highest is " + (constants.length - 1));
        }
        return constants[ordinal];
    }

    /** Reads a length and so many bytes, into an array of their own. */
    public byte[] getBytes(String what) throws CorruptBytesException {
        int length = getLength(what);
        byte[] result = Arrays.copyOfRange(bytes, at, at + length);
        at += length;
        return result;
    }

    /** A length, no larger than what is left; makes no text unless it has to complain. */
    private int getLength(String what) throws CorruptBytesException {
        int before = at;
        long length = getVarint();
        if (length < 0 || length > remaining()) {
            at = before;
            return getCount(1, "bytes of " + what);
        }
        return (int) length;
    }

    /**
     * Passes over this many bytes.
     *
     * @param what what they are, for the message
     */
    public void skip(int length, String what) throws CorruptBytesException {
        if (length < 0 || length > end - at) {
            throw corrupt(what + " of " + length + " bytes does not fit into the " + (end - at) + " that are left");
        }
        at += length;
    }

    /** Reads so many bytes as they are. */
    public byte[] getRaw(int length, String what) throws CorruptBytesException {
        require(length, what);
        byte[] result = Arrays.copyOfRange(bytes, at, at + length);
        at += length;
        return result;
    }

    /** Reads a length and a text in UTF-8. */
    public String getText(String what) throws CorruptBytesException {
        return getText(what, "");
    }

    /** As {@link #getText(String)}; when the text equals the expected one, that object is the answer and none is made. */
    public String getText(String what, String expected) throws CorruptBytesException {
        int length = getLength(what);
        int from = at;
        if (isAt(from, length, expected)) {
            at = from + length;
            return expected;
        }
        String text;
        if (isAscii(bytes, from, length)) {
            text = new String(bytes, from, length, StandardCharsets.ISO_8859_1);
        } else {
            text = decodeWide(from, length, what);
        }
        at = from + length;
        return text;
    }

    private String decodeWide(int from, int length, String what) throws CorruptBytesException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, from, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw corrupt(what + " is not valid UTF-8");
        }
    }

    private boolean isAt(int from, int length, String ascii) {
        if (length != ascii.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            byte each = bytes[from + i];
            if (each < 0 || each != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAscii(byte[] bytes, int from, int length) {
        int all = 0;
        for (int i = from; i < from + length; i++) {
            all |= bytes[i];
        }
        return all >= 0;
    }

    private void require(int length, String what) throws CorruptBytesException {
        if (length < 0 || length > end - at) {
            throw corrupt(what + " needs " + length + " bytes, " + remaining() + " are left");
        }
    }
}
