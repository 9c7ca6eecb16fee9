package io.pathkeeper.server.value;

import org.jspecify.annotations.Nullable;

/** The canonical encoding: a {@code pathkeeper.v1.Value} message in one fixed form, so that equal values have equal bytes. */
public final class ValueEncoding {
    private static final byte[] NULL = {0x08, 0x00};

    private ValueEncoding() {}

    /** The encoding of null. The array must not be changed. */
    public static byte[] ofNull() {
        return NULL;
    }

    /** Encodes a value that {@link #check(Value, ValueLimits)} accepts. */
    public static byte[] encode(Value value) {
        throw new UnsupportedOperationException();
    }

    /** Decodes a canonical encoding. Throws {@link InvalidValueException} for all other bytes. */
    public static Value decode(byte[] encoding) {
        throw new UnsupportedOperationException();
    }

    /** Encodes raw bytes. */
    public static byte[] ofBytes(byte[] bytes) {
        throw new UnsupportedOperationException();
    }

    /** Encodes text, which must be valid Unicode. */
    public static byte[] ofString(String text) {
        throw new UnsupportedOperationException();
    }

    /** The type of the outermost value of an encoding. */
    public static ValueKind kindOf(byte[] encoding) {
        throw new UnsupportedOperationException();
    }

    /** What is wrong with a value, or null. The size is that of the encoding. */
    public static @Nullable ValueProblem check(Value value, ValueLimits limits) {
        throw new UnsupportedOperationException();
    }
}
