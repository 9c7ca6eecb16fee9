package io.pathkeeper.pathctl.text;

import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandFailure;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads the entries of one object of a document that a person wrote. Every message says where; {@link #done} refuses what
 * nobody asked for, so that a misspelt field is no silent default.
 */
final class Fields {
    private final String where;
    private final Map<String, Value> entries;
    private final Set<String> asked = new LinkedHashSet<>();

    Fields(String where, Value object) {
        this.where = where;
        if (object.type() != Value.Type.MAP) {
            throw CommandFailure.usage(where + " must be an object {...}, not " + Kinds.name(object));
        }
        this.entries = object.asMap();
    }

    String where() {
        return where;
    }

    boolean has(String name) {
        asked.add(name);
        return entries.containsKey(name);
    }

    @Nullable
    Value value(String name) {
        asked.add(name);
        return entries.get(name);
    }

    Value requiredValue(String name) {
        Value value = value(name);
        if (value == null) {
            throw problem("needs \"" + name + "\"");
        }
        return value;
    }

    Value valueOrNull(String name) {
        Value value = value(name);
        return value == null ? Value.NULL : value;
    }

    @Nullable
    String text(String name) {
        Value value = value(name);
        return value == null ? null : typed(name, value, Value.Type.STRING).asString();
    }

    String requiredText(String name) {
        return typed(name, requiredValue(name), Value.Type.STRING).asString();
    }

    @Nullable
    Long integer(String name) {
        Value value = value(name);
        return value == null ? null : (Long) typed(name, value, Value.Type.LONG).asLong();
    }

    boolean truth(String name) {
        Value value = value(name);
        return value != null && typed(name, value, Value.Type.BOOL).asBool();
    }

    List<Value> list(String name) {
        Value value = value(name);
        return value == null ? List.of() : typed(name, value, Value.Type.LIST).asList();
    }

    /** Returns the one of {@code names} that is there. */
    String exactlyOne(List<String> names) {
        List<String> found = names.stream().filter(entries::containsKey).toList();
        asked.addAll(names);
        if (found.size() != 1) {
            throw problem("needs exactly one of " + String.join(", ", names) + "; it has "
                    + (found.isEmpty() ? "none of them" : String.join(", ", found)));
        }
        return found.get(0);
    }

    void done() {
        Set<String> unknown = new TreeSet<>(entries.keySet());
        unknown.removeAll(asked);
        if (!unknown.isEmpty()) {
            throw problem("has the unknown field \"" + unknown.iterator().next() + "\"");
        }
    }

    CommandFailure problem(String message) {
        return CommandFailure.usage(where + " " + message);
    }

    private Value typed(String name, Value value, Value.Type type) {
        if (value.type() != type) {
            throw problem("has \"" + name + "\": " + Kinds.name(value) + ", where " + Kinds.name(type) + " is needed");
        }
        return value;
    }
}
