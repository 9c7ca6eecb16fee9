package io.pathkeeper.server.value;

import java.util.List;

/** A typed value. Immutable; maps are sorted by the UTF-8 bytes of their keys, which are unique. */
public sealed interface Value {
    /** Its type. */
    default ValueKind kind() {
        if (this instanceof Null) {
            return ValueKind.NULL;
        } else if (this instanceof Bool) {
            return ValueKind.BOOL;
        } else if (this instanceof Int) {
            return ValueKind.INT;
        } else if (this instanceof Real) {
            return ValueKind.REAL;
        } else if (this instanceof Text) {
            return ValueKind.TEXT;
        } else if (this instanceof Bytes) {
            return ValueKind.BYTES;
        } else {
            return this instanceof Items ? ValueKind.ITEMS : ValueKind.FIELDS;
        }
    }

    /** Null. */
    record Null() implements Value {
        /** The only instance that is needed. */
        public static final Null INSTANCE = new Null();
    }

    /** A truth value. */
    record Bool(boolean value) implements Value {}

    /** A signed 64-bit integer. */
    record Int(long value) implements Value {}

    /** A finite double; never -0.0. */
    record Real(double value) implements Value {
        /** Makes -0.0 to 0.0, so that equal numbers have one form. */
        public Real {
            value = value == 0 ? 0.0 : value;
        }
    }

    /** Text. */
    record Text(String value) implements Value {}

    /** Raw bytes; the array is never changed. */
    record Bytes(byte[] value) implements Value {
        @Override
        public boolean equals(Object other) {
            return other instanceof Bytes bytes && java.util.Arrays.equals(value, bytes.value);
        }

        @Override
        public int hashCode() {
            return java.util.Arrays.hashCode(value);
        }
    }

    /** An ordered list. */
    record Items(List<Value> items) implements Value {
        /** Copies the list. */
        public Items {
            items = List.copyOf(items);
        }
    }

    /** A map; the entries are in canonical order. */
    record Fields(List<Field> fields) implements Value {
        /** Copies the list, which must be in canonical order. */
        public Fields {
            fields = List.copyOf(fields);
        }

        /** A map of entries in any order. A key that stands twice stays twice, for the check to find. */
        public static Fields sorted(List<Field> entries) {
            return new Fields(entries.stream()
                    .sorted((a, b) -> Utf8Text.compare(a.key(), b.key()))
                    .toList());
        }
    }

    /** One entry of a map. */
    record Field(String key, Value value) {}
}
