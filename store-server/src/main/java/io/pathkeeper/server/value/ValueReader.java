package io.pathkeeper.server.value;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads canonical encodings and refuses everything else. Of one thread, for one value. */
final class ValueReader {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private int at;

    ValueReader(byte[] bytes) {
        this.bytes = bytes;
    }

    Value read() {
        return value(bytes.length, 1);
    }

    private Value value(int end, int depth) {
        if (depth > ValueEncoding.MAX_DECODED_DEPTH) {
            throw refused("more than " + ValueEncoding.MAX_DECODED_DEPTH + " levels");
        }
        int tag = oneByte(end);
        Value value = switch (tag) {
            case ValueEncoding.TAG_NULL -> nullValue(end);
            case ValueEncoding.TAG_BOOL -> bool(end);
            case ValueEncoding.TAG_INT -> integer(end);
            case ValueEncoding.TAG_REAL -> real(end);
            case ValueEncoding.TAG_TEXT -> new Value.Text(text(end));
            case ValueEncoding.TAG_BYTES -> raw(end);
            case ValueEncoding.TAG_ITEMS -> items(length(end), depth);
            case ValueEncoding.TAG_FIELDS -> fields(length(end), depth);
            default -> throw refused("unknown tag " + tag);
        };
        if (at != end) {
            throw refused("bytes behind the value");
        }
        return value;
    }

    private Value nullValue(int end) {
        if (varint(end) != 0) {
            throw refused("null with a number");
        }
        return Value.Null.INSTANCE;
    }

    private Value bool(int end) {
        long number = varint(end);
        if (number >>> 1 != 0) {
            throw refused("a truth value that is neither 0 nor 1");
        }
        return new Value.Bool(number == 1);
    }

    private Value integer(int end) {
        long number = varint(end);
        return new Value.Int((number >>> 1) ^ -(number & 1));
    }

    private Value real(int end) {
        if (end - at < 8) {
            throw refused("a double is cut off");
        }
        long bits = (long) LONGS.get(bytes, at);
        double number = Double.longBitsToDouble(bits);
        if (!Double.isFinite(number) || bits == Long.MIN_VALUE) {
            throw refused("a double that is infinite, not a number or -0.0");
        }
        at += 8;
        return new Value.Real(number);
    }

    private Value raw(int end) {
        int to = length(end);
        Value value = new Value.Bytes(Arrays.copyOfRange(bytes, at, to));
        at = to;
        return value;
    }

    private String text(int end) {
        int to = length(end);
        String text = Utf8Text.decode(bytes, at, to);
        if (text == null) {
            throw refused("text that is not valid UTF-8");
        }
        at = to;
        return text;
    }

    private Value items(int end, int depth) {
        List<Value> items = new ArrayList<>();
        while (at < end) {
            expect(ValueEncoding.TAG_FIRST, end);
            items.add(value(length(end), depth + 1));
        }
        return new Value.Items(items);
    }

    private Value fields(int end, int depth) {
        List<Value.Field> fields = new ArrayList<>();
        @Nullable String before = null;
        while (at < end) {
            expect(ValueEncoding.TAG_FIRST, end);
            int entryEnd = length(end);
            expect(ValueEncoding.TAG_FIRST, entryEnd);
            String key = text(entryEnd);
            if (before != null && Utf8Text.compare(before, key) >= 0) {
                throw refused("keys of a map that are not in order or not unique");
            }
            before = key;
            expect(ValueEncoding.TAG_SECOND, entryEnd);
            int valueEnd = length(entryEnd);
            if (valueEnd != entryEnd) {
                throw refused("bytes behind an entry of a map");
            }
            fields.add(new Value.Field(key, value(valueEnd, depth + 1)));
        }
        return new Value.Fields(fields);
    }

    private void expect(int tag, int end) {
        int found = oneByte(end);
        if (found != tag) {
            throw refused("tag " + found + " where " + tag + " must stand");
        }
    }

    /** Reads a length and returns where it ends. */
    private int length(int end) {
        long length = varint(end);
        if (length < 0 || length > end - at) {
            throw refused("a length that leads out of the value");
        }
        return at + (int) length;
    }

    private int oneByte(int end) {
        if (at >= end) {
            throw refused("it is cut off");
        }
        return bytes[at++] & 0xff;
    }

    private long varint(int end) {
        long number = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int b = oneByte(end);
            number |= (long) (b & 0x7f) << shift;
            if (b < 0x80) {
                boolean shortest = b != 0 || shift == 0;
                if (!shortest || (shift == 63 && b > 1)) {
                    throw refused("a number that is not in its shortest form");
                }
                return number;
            }
        }
        throw refused("a number of more than 64 bits");
    }

    private InvalidValueException refused(String what) {
        return new InvalidValueException(new ValueProblem(
                ValueProblem.Kind.NOT_CANONICAL,
                "the bytes are no canonical encoding of a value: " + what + " at byte " + at,
                0,
                0));
    }
}
