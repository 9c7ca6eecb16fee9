package io.pathkeeper.server.value;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Writes the canonical encoding from its end to its start, so that every length is known when it is written. Of one thread. */
final class ValueWriter {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] buffer;
    private int start;

    ValueWriter(int capacity) {
        buffer = new byte[capacity];
        start = capacity;
    }

    /** A tag, a length and the bytes. */
    static byte[] delimited(int tag, byte[] content) {
        int header = 1 + ValueEncoding.varintSize(content.length);
        byte[] encoding = new byte[header + content.length];
        encoding[0] = (byte) tag;
        int rest = content.length;
        int at = 1;
        while (rest > 0x7f) {
            encoding[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        encoding[at] = (byte) rest;
        System.arraycopy(content, 0, encoding, header, content.length);
        return encoding;
    }

    byte[] toBytes() {
        return Arrays.copyOfRange(buffer, start, buffer.length);
    }

    void write(Value value) {
        if (value instanceof Value.Null) {
            varint(0);
            oneByte(ValueEncoding.TAG_NULL);
        } else if (value instanceof Value.Bool bool) {
            varint(bool.value() ? 1 : 0);
            oneByte(ValueEncoding.TAG_BOOL);
        } else if (value instanceof Value.Int number) {
            varint((number.value() << 1) ^ (number.value() >> 63));
            oneByte(ValueEncoding.TAG_INT);
        } else if (value instanceof Value.Real number) {
            reserve(8);
            start -= 8;
            LONGS.set(buffer, start, Double.doubleToLongBits(number.value()));
            oneByte(ValueEncoding.TAG_REAL);
        } else if (value instanceof Value.Text text) {
            delimitedBytes(ValueEncoding.TAG_TEXT, text.value().getBytes(StandardCharsets.UTF_8));
        } else if (value instanceof Value.Bytes bytes) {
            delimitedBytes(ValueEncoding.TAG_BYTES, bytes.value());
        } else if (value instanceof Value.Items list) {
            writeItems(list.items());
        } else if (value instanceof Value.Fields map) {
            writeFields(map.fields());
        }
    }

    private void writeItems(List<Value> items) {
        int end = start - buffer.length;
        for (int i = items.size() - 1; i >= 0; i--) {
            int itemEnd = start - buffer.length;
            write(items.get(i));
            header(ValueEncoding.TAG_FIRST, itemEnd);
        }
        header(ValueEncoding.TAG_ITEMS, end);
    }

    private void writeFields(List<Value.Field> fields) {
        int end = start - buffer.length;
        for (int i = fields.size() - 1; i >= 0; i--) {
            Value.Field field = fields.get(i);
            int entryEnd = start - buffer.length;
            write(field.value());
            header(ValueEncoding.TAG_SECOND, entryEnd);
            delimitedBytes(ValueEncoding.TAG_FIRST, field.key().getBytes(StandardCharsets.UTF_8));
            header(ValueEncoding.TAG_FIRST, entryEnd);
        }
        header(ValueEncoding.TAG_FIELDS, end);
    }

    /** Writes tag and length of what was written since; the mark is a position counted from the end of the buffer. */
    private void header(int tag, int mark) {
        varint(mark - (start - buffer.length));
        oneByte(tag);
    }

    private void delimitedBytes(int tag, byte[] content) {
        reserve(content.length);
        start -= content.length;
        System.arraycopy(content, 0, buffer, start, content.length);
        varint(content.length);
        oneByte(tag);
    }

    private void varint(long number) {
        int size = ValueEncoding.varintSize(number);
        reserve(size);
        start -= size;
        long rest = number;
        int at = start;
        while ((rest & ~0x7fL) != 0) {
            buffer[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        buffer[at] = (byte) rest;
    }

    private void oneByte(int b) {
        reserve(1);
        buffer[--start] = (byte) b;
    }

    private void reserve(int size) {
        if (start < size) {
            int used = buffer.length - start;
            int capacity = Math.max(buffer.length * 2, used + size);
            byte[] larger = new byte[capacity];
            System.arraycopy(buffer, start, larger, capacity - used, used);
            buffer = larger;
            start = capacity - used;
        }
    }
}
