package io.pathkeeper.pathctl.transfer;

import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.ZnodeKind;
import io.pathkeeper.pathctl.CommandFailure;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A znode of a {@link SubtreeDocument}.
 *
 * @param path relative to the root; empty for the root itself
 * @param kind what ends its life
 * @param ttl time to live, or null
 * @param contentType empty when there is none
 * @param value its value
 * @param bytes about how large the value is
 */
record SubtreeLine(String path, ZnodeKind kind, @Nullable Duration ttl, String contentType, Value value, long bytes) {
    private static final Set<String> FIELDS = Set.of("path", "kind", "ttl_ms", "content_type", "value");

    /**
     * Reads a line; null when it is the last one.
     *
     * @throws CommandFailure with exit code 2 when it is neither a znode nor the end
     */
    static @Nullable SubtreeLine read(String where, Value line) {
        if (line.type() != Value.Type.MAP) {
            throw CommandFailure.usage(where + " is no object");
        }
        Map<String, Value> fields = line.asMap();
        if (fields.containsKey("end")) {
            return null;
        }
        Set<String> unknown = new TreeSet<>(fields.keySet());
        unknown.removeAll(FIELDS);
        if (!unknown.isEmpty()) {
            throw CommandFailure.usage(
                    where + " has the unknown field \"" + unknown.iterator().next() + "\"");
        }
        String path = text(where, fields, "path");
        Value value = fields.get("value");
        if (path == null || value == null) {
            throw CommandFailure.usage(where + " needs \"path\" and \"value\"");
        }
        if (path.startsWith("/") || path.endsWith("/")) {
            throw CommandFailure.usage(where + ": the path '" + path + "' must be relative to the root");
        }
        Value millis = fields.get("ttl_ms");
        if (millis != null && millis.type() != Value.Type.LONG) {
            throw CommandFailure.usage(where + " has a \"ttl_ms\" that is no integer");
        }
        String contentType = text(where, fields, "content_type");
        return new SubtreeLine(
                path,
                kind(where, text(where, fields, "kind")),
                millis == null ? null : Duration.ofMillis(millis.asLong()),
                contentType == null ? "" : contentType,
                value,
                size(value));
    }

    private static @Nullable String text(String where, Map<String, Value> fields, String name) {
        Value field = fields.get(name);
        if (field != null && field.type() != Value.Type.STRING) {
            throw CommandFailure.usage(where + " has a \"" + name + "\" that is no text");
        }
        return field == null ? null : field.asString();
    }

    private static ZnodeKind kind(String where, @Nullable String name) {
        if (name == null) {
            return ZnodeKind.PERSISTENT;
        }
        try {
            return ZnodeKind.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(where + " has the unknown kind \"" + name + "\"");
        }
    }

    private static long size(Value value) {
        return switch (value.type()) {
            case STRING -> 3L * value.asString().length();
            case BYTES -> value.asBytes().length;
            case LIST -> value.asList().stream().mapToLong(SubtreeLine::size).sum() + 16;
            case MAP ->
                value.asMap().entrySet().stream()
                                .mapToLong(e -> 3L * e.getKey().length() + size(e.getValue()))
                                .sum()
                        + 16;
            default -> 16;
        };
    }
}
