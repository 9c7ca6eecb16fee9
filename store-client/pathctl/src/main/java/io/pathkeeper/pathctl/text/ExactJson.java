package io.pathkeeper.pathctl.text;

import io.pathkeeper.client.model.Value;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Typed values as JSON without loss. Integers are plain digits, doubles have a point or an exponent, bytes are
 * {@code {"$bytes": "<base64>"}}. A map that would read back as something else, because its only key is {@code $bytes} or
 * {@code $map}, is written inside {@code {"$map": ...}}.
 */
public final class ExactJson {
    private static final String BYTES = "$bytes";
    private static final String MAP = "$map";

    private ExactJson() {}

    /** Returns {@code value} as JSON in one line. */
    public static String write(Value value) {
        return escape(value).toJson();
    }

    /** Returns {@code value} with the maps put in {@code $map} that need it. */
    static Value escape(Value value) {
        return switch (value.type()) {
            case LIST -> {
                List<Value> items = new ArrayList<>(value.asList().size());
                value.asList().forEach(item -> items.add(escape(item)));
                yield Value.of(items);
            }
            case MAP -> {
                Map<String, Value> entries = new LinkedHashMap<>();
                value.asMap().forEach((key, entry) -> entries.put(key, escape(entry)));
                Value map = Value.of(entries);
                yield isMarker(entries) ? Value.of(Map.of(MAP, map)) : map;
            }
            default -> value;
        };
    }

    /**
     * Returns the value that was escaped into {@code escaped}, that is what its JSON text stands for.
     *
     * @throws IllegalArgumentException when something has the form of bytes, but no base64 in it
     */
    static Value unescape(Value escaped) {
        return switch (escaped.type()) {
            case LIST -> {
                List<Value> items = new ArrayList<>(escaped.asList().size());
                escaped.asList().forEach(item -> items.add(unescape(item)));
                yield Value.of(items);
            }
            case MAP -> {
                Map<String, Value> entries = escaped.asMap();
                Value bytes = entries.size() == 1 ? entries.get(BYTES) : null;
                Value map = entries.size() == 1 ? entries.get(MAP) : null;
                if (bytes != null && bytes.type() == Value.Type.STRING) {
                    yield bytes(bytes.asString());
                }
                yield entries(map != null && map.type() == Value.Type.MAP ? map.asMap() : entries);
            }
            default -> escaped;
        };
    }

    private static Value entries(Map<String, Value> escaped) {
        Map<String, Value> entries = new LinkedHashMap<>();
        escaped.forEach((key, entry) -> entries.put(key, unescape(entry)));
        return Value.of(entries);
    }

    private static Value bytes(String base64) {
        try {
            return Value.of(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("{\"$bytes\": ...} needs base64: " + e.getMessage(), e);
        }
    }

    private static boolean isMarker(Map<String, Value> entries) {
        return entries.size() == 1 && (entries.containsKey(BYTES) || entries.containsKey(MAP));
    }
}
