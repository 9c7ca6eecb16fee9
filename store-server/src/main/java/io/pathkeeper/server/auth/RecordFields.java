package io.pathkeeper.server.auth;

import io.pathkeeper.server.value.Value;
import io.pathkeeper.server.value.ValueEncoding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The fields of one record: a typed map, written and read by name. What is missing or has another type is an error, unless it is optional. */
final class RecordFields {
    private final Map<String, Value> fields;

    private RecordFields(Map<String, Value> fields) {
        this.fields = fields;
    }

    static RecordFields empty() {
        return new RecordFields(new LinkedHashMap<>());
    }

    /** Reads an encoded map. */
    static RecordFields read(byte[] encoding) {
        return of(ValueEncoding.decode(encoding));
    }

    static RecordFields of(Value value) {
        if (!(value instanceof Value.Fields map)) {
            throw new DamagedRecordException("it is no map");
        }
        Map<String, Value> fields = new HashMap<>();
        map.fields().forEach(field -> fields.put(field.key(), field.value()));
        return new RecordFields(fields);
    }

    RecordFields put(String name, String text) {
        fields.put(name, new Value.Text(text));
        return this;
    }

    RecordFields put(String name, long number) {
        fields.put(name, new Value.Int(number));
        return this;
    }

    RecordFields put(String name, boolean flag) {
        fields.put(name, new Value.Bool(flag));
        return this;
    }

    RecordFields put(String name, byte[] bytes) {
        fields.put(name, new Value.Bytes(bytes));
        return this;
    }

    RecordFields put(String name, Iterable<String> texts) {
        List<Value> items = new ArrayList<>();
        TreeSet<String> sorted = new TreeSet<>();
        texts.forEach(sorted::add);
        sorted.forEach(text -> items.add(new Value.Text(text)));
        fields.put(name, new Value.Items(items));
        return this;
    }

    RecordFields putMaps(String name, List<RecordFields> maps) {
        fields.put(
                name, new Value.Items(maps.stream().map(RecordFields::toValue).toList()));
        return this;
    }

    RecordFields put(String name, RecordFields map) {
        fields.put(name, map.toValue());
        return this;
    }

    private Value toValue() {
        return Value.Fields.sorted(fields.entrySet().stream()
                .map(e -> new Value.Field(e.getKey(), e.getValue()))
                .toList());
    }

    byte[] encode() {
        return ValueEncoding.encode(toValue());
    }

    String text(String name) {
        return get(name, Value.Text.class).value();
    }

    long number(String name) {
        return get(name, Value.Int.class).value();
    }

    boolean flag(String name) {
        return get(name, Value.Bool.class).value();
    }

    byte[] bytes(String name) {
        return get(name, Value.Bytes.class).value();
    }

    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (Value item : get(name, Value.Items.class).items()) {
            if (!(item instanceof Value.Text text)) {
                throw new DamagedRecordException(name + " holds something that is no text");
            }
            texts.add(text.value());
        }
        return texts;
    }

    List<RecordFields> maps(String name) {
        return get(name, Value.Items.class).items().stream()
                .map(RecordFields::of)
                .toList();
    }

    @Nullable
    RecordFields map(String name) {
        Value value = fields.get(name);
        return value == null ? null : of(value);
    }

    private <T extends Value> T get(String name, Class<T> type) {
        Value value = fields.get(name);
        if (!type.isInstance(value)) {
            throw new DamagedRecordException(name + (value == null ? " is missing" : " has another type"));
        }
        return type.cast(value);
    }

    /** A record that cannot be read. */
    static final class DamagedRecordException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        DamagedRecordException(String message) {
            super(message);
        }
    }
}
