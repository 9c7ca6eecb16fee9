package io.pathkeeper.client.model;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A typed value: null, a truth value, a 64-bit integer, a double, text, bytes, a list or a map. Immutable.
 *
 * <pre>{@code
 * Value endpoint = Value.map("host", "localhost", "port", 8080);
 * endpoint.get("port").asLong();     // 8080
 * endpoint.toString();               // {"host":"localhost","port":8080}
 * Value.json("[1, 2, 3]");           // JSON text: the server reads it into a list of integers
 * }</pre>
 *
 * <p>Equality is by type and content: the integer 1 and the double 1.0 differ, maps are equal whatever the order of their
 * entries. JSON text is equal to the same JSON text only.
 */
public final class Value {
    /** The types of a value. */
    public enum Type {
        /** Null. */
        NULL,
        /** A truth value. */
        BOOL,
        /** A signed 64-bit integer. */
        LONG,
        /** A finite double. */
        DOUBLE,
        /** Text. */
        STRING,
        /** Bytes. */
        BYTES,
        /** An ordered list of values. */
        LIST,
        /** A map from text to values. */
        MAP,
        /** JSON text: a form in which any value can be written, and read with {@link ValueFormat#JSON}. */
        JSON
    }

    /** The null value. */
    public static final Value NULL = new Value(Type.NULL, "null");

    private static final Value TRUE = new Value(Type.BOOL, true);
    private static final Value FALSE = new Value(Type.BOOL, false);

    private final Type type;
    private final Object content;

    private Value(Type type, Object content) {
        this.type = type;
        this.content = content;
    }

    /** Returns a truth value. */
    public static Value of(boolean value) {
        return value ? TRUE : FALSE;
    }

    /** Returns an integer. */
    public static Value of(long value) {
        return new Value(Type.LONG, value);
    }

    /**
     * Returns a double; -0.0 becomes 0.0, as it is stored.
     *
     * @throws IllegalArgumentException for NaN and infinities, which cannot be stored
     */
    public static Value of(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("a double value must be finite, not " + value);
        }
        return new Value(Type.DOUBLE, value == 0.0 ? 0.0 : value);
    }

    /** Returns text. */
    public static Value of(String value) {
        return new Value(Type.STRING, Objects.requireNonNull(value, "value"));
    }

    /** Returns bytes; the array is copied. */
    public static Value of(byte[] value) {
        return new Value(Type.BYTES, value.clone());
    }

    /** Returns a list; the collection is copied. */
    public static Value of(List<Value> items) {
        return new Value(Type.LIST, List.copyOf(items));
    }

    /** Returns a map with the entries in the order of the given map, which is copied. */
    public static Value of(Map<String, Value> entries) {
        LinkedHashMap<String, Value> copy = new LinkedHashMap<>(entries);
        copy.forEach((key, value) -> {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(value, "value");
        });
        return new Value(Type.MAP, Collections.unmodifiableMap(copy));
    }

    /**
     * Returns the value that a plain Java object stands for.
     *
     * @param object null, Boolean, Byte, Short, Integer, Long, Float, Double, CharSequence, byte[], List, Map with text keys, or
     *     a Value
     * @throws IllegalArgumentException for an object of any other class, naming it
     */
    public static Value from(@Nullable Object object) {
        return ValueConversion.from(object);
    }

    /**
     * Returns a list of plain Java objects, converted as {@link #from(Object)} does.
     *
     * @throws IllegalArgumentException when an item cannot be converted
     */
    public static Value list(@Nullable Object... items) {
        List<Value> values = new ArrayList<>(items.length);
        for (Object item : items) {
            values.add(from(item));
        }
        return new Value(Type.LIST, Collections.unmodifiableList(values));
    }

    /**
     * Returns a map of keys and plain Java objects in turn: {@code Value.map("host", "localhost", "port", 8080)}.
     *
     * @throws IllegalArgumentException when the count is odd, a key is no text or stands twice, or a value cannot be converted
     */
    public static Value map(@Nullable Object... keysAndValues) {
        if (keysAndValues.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "a map takes keys and values in turn, but " + keysAndValues.length + " arguments were given");
        }
        LinkedHashMap<String, Value> entries = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            if (!(keysAndValues[i] instanceof String key)) {
                throw new IllegalArgumentException("argument " + i + " must be a text key, not " + keysAndValues[i]);
            }
            if (entries.put(key, from(keysAndValues[i + 1])) != null) {
                throw new IllegalArgumentException("the key \"" + key + "\" stands twice");
            }
        }
        return new Value(Type.MAP, Collections.unmodifiableMap(entries));
    }

    /**
     * Returns JSON text (RFC 8259). It is sent as it is; the server reads it and refuses bad text with the reason
     * {@code VALUE_INVALID}. Integer literals that fit become 64-bit integers, others doubles if exact.
     */
    public static Value json(String text) {
        return new Value(Type.JSON, Objects.requireNonNull(text, "text"));
    }

    /** Returns the type. */
    public Type type() {
        return type;
    }

    /** Returns whether this is the null value. */
    public boolean isNull() {
        return type == Type.NULL;
    }

    /**
     * Returns the truth value.
     *
     * @throws IllegalStateException when this has another type; so do all accessors below
     */
    public boolean asBool() {
        return (Boolean) require(Type.BOOL);
    }

    /** Returns the integer. */
    public long asLong() {
        return (Long) require(Type.LONG);
    }

    /** Returns the double; an integer is converted when it is exactly representable. */
    public double asDouble() {
        if (type == Type.LONG) {
            long exact = (Long) content;
            double converted = exact;
            if ((long) converted == exact && converted != 0x1p63) {
                return converted;
            }
        }
        return (Double) require(Type.DOUBLE);
    }

    /** Returns the text. */
    public String asString() {
        return (String) require(Type.STRING);
    }

    /** Returns a copy of the bytes. */
    public byte[] asBytes() {
        return ((byte[]) require(Type.BYTES)).clone();
    }

    /** Returns the items of a list, unmodifiable. */
    @SuppressWarnings("unchecked")
    public List<Value> asList() {
        return (List<Value>) require(Type.LIST);
    }

    /** Returns the entries of a map, unmodifiable; answers of the server have them sorted by key. */
    @SuppressWarnings("unchecked")
    public Map<String, Value> asMap() {
        return (Map<String, Value>) require(Type.MAP);
    }

    /** Returns the JSON text of a value of {@link Type#JSON}. {@link #toJson()} works for every type. */
    public String asJsonText() {
        return (String) require(Type.JSON);
    }

    /** Returns the value of a key of a map; null when the map has no such key. */
    public @Nullable Value find(String key) {
        return asMap().get(key);
    }

    /**
     * Returns the value of a key of a map.
     *
     * @throws IllegalStateException when the map has no such key, or this is no map
     */
    public Value get(String key) {
        Value value = asMap().get(key);
        if (value == null) {
            throw new IllegalStateException("no key \"" + key + "\" in a map with the keys " + asMap().keySet());
        }
        return value;
    }

    /** Returns an item of a list, counted from 0. */
    public Value get(int index) {
        return asList().get(index);
    }

    /** Returns this value as plain Java objects: null, Boolean, Long, Double, String, byte[], List, Map; JSON as its text. */
    public @Nullable Object toObject() {
        return ValueConversion.toObject(this);
    }

    /** Returns the value as JSON text in one line; bytes appear as {@code {"$bytes":"<base64>"}}. */
    public String toJson() {
        return type == Type.JSON ? (String) content : JsonWriter.write(this);
    }

    private Object require(Type wanted) {
        if (type != wanted) {
            throw new IllegalStateException("the value is of type " + type + ", not " + wanted);
        }
        return content;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Value that) || type != that.type) {
            return false;
        }
        return type == Type.BYTES
                ? Arrays.equals((byte[]) content, (byte[]) that.content)
                : content.equals(that.content);
    }

    @Override
    public int hashCode() {
        return 31 * type.hashCode() + (type == Type.BYTES ? Arrays.hashCode((byte[]) content) : content.hashCode());
    }

    /** Returns the value as JSON, cut after 1,000 characters so that it is safe in logs. */
    @Override
    public String toString() {
        String json = toJson();
        return json.length() <= 1_000 ? json : json.substring(0, 1_000) + "... (" + json.length() + " characters)";
    }

    /** Returns text as bytes in UTF-8: the same as {@code of(text.getBytes(UTF_8))}. */
    public static Value utf8(String text) {
        return new Value(Type.BYTES, text.getBytes(StandardCharsets.UTF_8));
    }
}
