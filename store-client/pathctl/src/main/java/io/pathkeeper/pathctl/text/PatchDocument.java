package io.pathkeeper.pathctl.text;

import io.pathkeeper.client.model.Patch;
import io.pathkeeper.client.model.Value;
import java.util.List;

/**
 * Field operations in JSON, as {@code txn} and {@code patch --op} take them: {@code {"set": "/port", "value": 9090}},
 * {@code {"set_if_absent": POINTER, "value": V}}, {@code {"remove": POINTER}}, {@code {"merge": POINTER, "value": V}},
 * {@code {"append": POINTER, "value": V}}, {@code {"insert": POINTER, "index": N, "value": V}}, {@code {"remove_item":
 * POINTER, "index": N}} or {@code "value": V}, {@code {"increment": POINTER, "by": N}}, {@code {"test": POINTER, "value": V}}.
 */
public final class PatchDocument {
    private static final List<String> NAMES =
            List.of("set", "set_if_absent", "remove", "merge", "append", "insert", "remove_item", "increment", "test");

    private PatchDocument() {}

    /**
     * Returns {@code patch} with one more operation.
     *
     * @param where what {@code document} is, for messages
     * @throws io.pathkeeper.pathctl.CommandFailure with exit code 2 when the document is not as it should be
     */
    public static Patch add(Patch patch, String where, Value document) {
        Fields fields = new Fields(where, document);
        String name = fields.exactlyOne(NAMES);
        String pointer = fields.requiredText(name);
        Patch longer = switch (name) {
            case "set" -> patch.set(pointer, fields.requiredValue("value"));
            case "set_if_absent" -> patch.setIfAbsent(pointer, fields.requiredValue("value"));
            case "remove" -> patch.remove(pointer);
            case "merge" -> patch.merge(pointer, fields.requiredValue("value"));
            case "append" -> patch.append(pointer, fields.requiredValue("value"));
            case "insert" -> patch.insert(pointer, index(fields), fields.requiredValue("value"));
            case "remove_item" -> {
                String by = fields.exactlyOne(List.of("index", "value"));
                yield by.equals("index")
                        ? patch.removeAt(pointer, index(fields))
                        : patch.removeItem(pointer, fields.requiredValue("value"));
            }
            case "increment" -> {
                Long by = fields.integer("by");
                yield patch.increment(pointer, by == null ? 1 : by);
            }
            default -> patch.test(pointer, fields.requiredValue("value"));
        };
        fields.done();
        return longer;
    }

    private static long index(Fields fields) {
        Long index = fields.integer("index");
        if (index == null || index < 0) {
            throw fields.problem("needs \"index\", counted from 0");
        }
        return index;
    }
}
