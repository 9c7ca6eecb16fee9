package io.pathkeeper.client.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Converts between values and plain Java objects. */
final class ValueConversion {
    private ValueConversion() {}

    static Value from(@Nullable Object object) {
        if (object == null) {
            return Value.NULL;
        } else if (object instanceof Value value) {
            return value;
        } else if (object instanceof CharSequence text) {
            return Value.of(text.toString());
        } else if (object instanceof Boolean truth) {
            return Value.of(truth.booleanValue());
        } else if (object instanceof Long
                || object instanceof Integer
                || object instanceof Short
                || object instanceof Byte) {
            return Value.of(((Number) object).longValue());
        } else if (object instanceof Double || object instanceof Float) {
            return Value.of(((Number) object).doubleValue());
        } else if (object instanceof byte[] bytes) {
            return Value.of(bytes);
        } else if (object instanceof List<?> list) {
            return Value.list(list.toArray());
        } else if (object instanceof Map<?, ?> map) {
            List<@Nullable Object> pairs = new ArrayList<>(2 * map.size());
            map.forEach((key, value) -> {
                pairs.add(key);
                pairs.add(value);
            });
            return Value.map(pairs.toArray());
        }
        throw new IllegalArgumentException("an object of " + object.getClass().getName()
                + " has no typed value; give null, Boolean, an integer, a float, text, byte[], List or Map");
    }

    static @Nullable Object toObject(Value value) {
        return switch (value.type()) {
            case NULL -> null;
            case BOOL -> value.asBool();
            case LONG -> value.asLong();
            case DOUBLE -> value.asDouble();
            case STRING -> value.asString();
            case BYTES -> value.asBytes();
            case JSON -> value.asJsonText();
            case LIST -> {
                List<@Nullable Object> items = new ArrayList<>();
                value.asList().forEach(item -> items.add(toObject(item)));
                yield items;
            }
            case MAP -> {
                Map<String, @Nullable Object> entries = new LinkedHashMap<>();
                value.asMap().forEach((key, entry) -> entries.put(key, toObject(entry)));
                yield entries;
            }
        };
    }
}
