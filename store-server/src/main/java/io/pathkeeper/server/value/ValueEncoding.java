package io.pathkeeper.server.value;

import org.jspecify.annotations.Nullable;

/**
 * The canonical encoding: a {@code pathkeeper.v1.Value} message in one fixed form, so that equal values have equal bytes.
 *
 * <p>The form: exactly one kind, always written out (null is {@code 08 00}); numbers in their shortest form; doubles finite and
 * never -0.0; the entries of a map sorted by the bytes of their keys, which are unique; of every entry key and value written
 * out, even when empty or null. Every protobuf parser reads it; the other way round the bytes of a protobuf writer are in
 * general not canonical.
 */
public final class ValueEncoding {
    /** Most levels that {@link #decode} follows, whatever the limits say. */
    public static final int MAX_DECODED_DEPTH = 100;

    static final int TAG_NULL = 0x08;
    static final int TAG_BOOL = 0x10;
    static final int TAG_INT = 0x18;
    static final int TAG_REAL = 0x21;
    static final int TAG_TEXT = 0x2a;
    static final int TAG_BYTES = 0x32;
    static final int TAG_ITEMS = 0x3a;
    static final int TAG_FIELDS = 0x42;
    /** Tag of an item in a list, of an entry in a map and of the key in an entry. */
    static final int TAG_FIRST = 0x0a;
    /** Tag of the value in an entry. */
    static final int TAG_SECOND = 0x12;

    private static final byte[] NULL = {TAG_NULL, 0x00};

    private ValueEncoding() {}

    /** The encoding of null. The array must not be changed. */
    public static byte[] ofNull() {
        return NULL;
    }

    /** Encodes a value that {@link #check(Value, ValueLimits)} accepts. */
    public static byte[] encode(Value value) {
        if (value instanceof Value.Null) {
            return NULL;
        }
        if (value instanceof Value.Bytes bytes) {
            return ofBytes(bytes.value());
        }
        ValueWriter writer = new ValueWriter(64);
        writer.write(value);
        return writer.toBytes();
    }

    /** Decodes a canonical encoding. Throws {@link InvalidValueException} for all other bytes. */
    public static Value decode(byte[] encoding) {
        return new ValueReader(encoding).read();
    }

    /** Encodes raw bytes. */
    public static byte[] ofBytes(byte[] bytes) {
        return ValueWriter.delimited(TAG_BYTES, bytes);
    }

    /** Encodes text, which must be valid Unicode. */
    public static byte[] ofString(String text) {
        return ValueWriter.delimited(TAG_TEXT, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** The type of the outermost value of an encoding. */
    public static ValueKind kindOf(byte[] encoding) {
        int field = encoding.length == 0 ? 0 : encoding[0] >>> 3;
        if (field < 1 || field > 8) {
            throw new InvalidValueException(new ValueProblem(
                    ValueProblem.Kind.NOT_CANONICAL, "the bytes are no canonical encoding of a value", 0, 0));
        }
        return ValueKind.values()[field - 1];
    }

    /** What is wrong with a value, or null. The size is that of the encoding. */
    public static @Nullable ValueProblem check(Value value, ValueLimits limits) {
        return new ValueCheck(limits).check(value);
    }

    /** Size of an encoding made of a tag, a length and so many bytes. */
    static long delimitedSize(long length) {
        return 1 + varintSize(length) + length;
    }

    static int varintSize(long number) {
        return number == 0 ? 1 : (70 - Long.numberOfLeadingZeros(number)) / 7;
    }
}
