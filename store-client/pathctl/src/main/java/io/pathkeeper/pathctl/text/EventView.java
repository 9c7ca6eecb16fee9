package io.pathkeeper.pathctl.text;

import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.Znode;
import io.pathkeeper.client.observe.Event;
import io.pathkeeper.client.observe.EventCause;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Events, one a line: columns with a tab between them (revision, type, path, value as JSON), or JSON. A cause other than a
 * client's call stands behind the type: {@code DELETED:TTL}.
 */
public final class EventView {
    private EventView() {}

    /** Returns an event as columns. */
    public static String line(Event event) {
        String cause = event.cause() == EventCause.CLIENT ? "" : ":" + event.cause();
        return line(event.revision(), event.type() + cause, event.path(), event.value());
    }

    /** Returns a znode of the initial state as columns; its type is {@code EXISTING}. */
    public static String line(Znode znode, long revision) {
        return line(revision, "EXISTING", znode.path(), znode.hasValue() ? znode.value() : null);
    }

    /** Returns a line without a path: {@code SYNCED}, {@code PROGRESS}, or {@code RESET} with its cause. */
    public static String mark(long revision, String type, String cause) {
        return revision + "\t" + type + (cause.isEmpty() ? "" : "\t" + PathText.printable(cause));
    }

    /** Returns an event as JSON. */
    public static String json(Event event) {
        Map<String, Value> fields = fields(event.revision(), event.type().name());
        fields.put("path", Value.of(event.path()));
        fields.put("cause", Value.of(event.cause().name()));
        putIfPresent(fields, "data", event.value());
        if (!event.contentType().isEmpty()) {
            fields.put("content_type", Value.of(event.contentType()));
        }
        if (event.stat() != null) {
            fields.put("stat", StatView.value(event.stat()));
        }
        Znode previous = event.previous();
        if (previous != null && previous.hasValue()) {
            fields.put("previous", previous.value());
        }
        return ExactJson.write(Value.of(fields));
    }

    /** Returns a znode of the initial state as JSON. */
    public static String json(Znode znode, long revision) {
        Map<String, Value> fields = fields(revision, "EXISTING");
        fields.put("path", Value.of(znode.path()));
        putIfPresent(fields, "data", znode.hasValue() ? znode.value() : null);
        if (!znode.contentType().isEmpty()) {
            fields.put("content_type", Value.of(znode.contentType()));
        }
        if (znode.hasStat()) {
            fields.put("stat", StatView.value(znode.stat()));
        }
        return ExactJson.write(Value.of(fields));
    }

    /** Returns a line without a path as JSON. */
    public static String jsonMark(long revision, String type, String cause) {
        Map<String, Value> fields = fields(revision, type);
        if (!cause.isEmpty()) {
            fields.put("cause", Value.of(cause));
        }
        return ExactJson.write(Value.of(fields));
    }

    private static String line(long revision, String type, String path, @Nullable Value value) {
        String columns = revision + "\t" + type + "\t" + PathText.printable(path);
        return value == null ? columns : columns + "\t" + PathText.printable(ExactJson.write(value));
    }

    private static Map<String, Value> fields(long revision, String type) {
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put("type", Value.of(type));
        fields.put("revision", Value.of(revision));
        return fields;
    }

    private static void putIfPresent(Map<String, Value> fields, String name, @Nullable Value value) {
        if (value != null) {
            fields.put(name, value);
        }
    }
}
