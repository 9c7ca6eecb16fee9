package io.pathkeeper.server.value;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON Pointers (RFC 6901) into values. Stateless. */
public final class JsonPointer {
    private JsonPointer() {}

    /** The names on the way; empty for the whole value; null when the text is no pointer. */
    public static @Nullable List<String> parse(String pointer) {
        if (pointer.isEmpty()) {
            return List.of();
        }
        if (pointer.charAt(0) != '/') {
            return null;
        }
        List<String> names = new ArrayList<>();
        int start = 1;
        while (start <= pointer.length()) {
            int end = pointer.indexOf('/', start);
            end = end < 0 ? pointer.length() : end;
            String name = unescaped(pointer.substring(start, end));
            if (name == null) {
                return null;
            }
            names.add(name);
            start = end + 1;
        }
        return names;
    }

    private static @Nullable String unescaped(String name) {
        if (name.indexOf('~') < 0) {
            return name;
        }
        StringBuilder text = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '~') {
                i++;
                char escape = i < name.length() ? name.charAt(i) : 0;
                if (escape != '0' && escape != '1') {
                    return null;
                }
                c = escape == '0' ? '~' : '/';
            }
            text.append(c);
        }
        return text.toString();
    }

    /** What a pointer's names lead to, or null when nothing is there. */
    public static @Nullable Value find(Value value, List<String> names) {
        @Nullable Value current = value;
        for (int i = 0; i < names.size() && current != null; i++) {
            current = step(current, names.get(i));
        }
        return current;
    }

    private static @Nullable Value step(Value value, String name) {
        if (value instanceof Value.Fields map) {
            int at = indexOf(map.fields(), name);
            return at < 0 ? null : map.fields().get(at).value();
        }
        if (value instanceof Value.Items list) {
            int index = index(name);
            return index < 0 || index >= list.items().size()
                    ? null
                    : list.items().get(index);
        }
        return null;
    }

    /** Position of a key, or {@code -(position to insert at) - 1}. */
    static int indexOf(List<Value.Field> fields, String key) {
        int low = 0;
        int high = fields.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Utf8Text.compare(fields.get(middle).key(), key);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }

    /** The position in a list that a name stands for, or -1 when it is none. */
    static int index(String name) {
        boolean digits = !name.isEmpty() && name.length() <= 9 && (name.length() == 1 || name.charAt(0) != '0');
        int index = 0;
        for (int i = 0; digits && i < name.length(); i++) {
            char c = name.charAt(i);
            digits = c >= '0' && c <= '9';
            index = index * 10 + (c - '0');
        }
        return digits ? index : -1;
    }
}
