package io.pathkeeper.server.value;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks one value against limits and the canonical form. Of one thread, for one value. */
final class ValueCheck {
    private final ValueLimits limits;
    private long elements;
    private @Nullable ValueProblem problem;

    ValueCheck(ValueLimits limits) {
        this.limits = limits;
    }

    @Nullable
    ValueProblem check(Value value) {
        long size = size(value, 1);
        if (problem == null && size > limits.maxBytes()) {
            problem = new ValueProblem(
                    ValueProblem.Kind.TOO_LARGE,
                    "the value has " + size + " bytes; the limit is " + limits.maxBytes() + ": store less in one znode",
                    limits.maxBytes(),
                    size);
        }
        return problem;
    }

    /** Size of the encoding; meaningless once a problem was found. */
    private long size(Value value, int depth) {
        if (depth > limits.maxDepth()) {
            return found(
                    ValueProblem.Kind.TOO_DEEP,
                    "the value has more than " + limits.maxDepth() + " levels",
                    limits.maxDepth(),
                    depth);
        }
        if (value instanceof Value.Null || value instanceof Value.Bool) {
            return 2;
        } else if (value instanceof Value.Int number) {
            return 1 + ValueEncoding.varintSize((number.value() << 1) ^ (number.value() >> 63));
        } else if (value instanceof Value.Real number) {
            return realSize(number.value());
        } else if (value instanceof Value.Text text) {
            return textSize(text.value(), "a text of the value");
        } else if (value instanceof Value.Bytes bytes) {
            return ValueEncoding.delimitedSize(bytes.value().length);
        } else if (value instanceof Value.Items list) {
            return itemsSize(list.items(), depth);
        } else {
            return fieldsSize(((Value.Fields) value).fields(), depth);
        }
    }

    private long realSize(double number) {
        if (!Double.isFinite(number)) {
            return found(ValueProblem.Kind.NUMBER_RANGE, "the number " + number + " is not finite", 0, 0);
        }
        return 9;
    }

    private long textSize(String text, String what) {
        int size = Utf8Text.size(text);
        if (size < 0) {
            return found(
                    ValueProblem.Kind.TEXT_INVALID, what + " is not valid Unicode: it holds half a character", 0, 0);
        }
        return ValueEncoding.delimitedSize(size);
    }

    private long itemsSize(List<Value> items, int depth) {
        if (tooManyElements(items.size())) {
            return 0;
        }
        long size = 0;
        for (int i = 0; i < items.size() && problem == null; i++) {
            size += ValueEncoding.delimitedSize(size(items.get(i), depth + 1));
        }
        return ValueEncoding.delimitedSize(size);
    }

    private long fieldsSize(List<Value.Field> fields, int depth) {
        if (tooManyElements(fields.size())) {
            return 0;
        }
        long size = 0;
        @Nullable String before = null;
        for (int i = 0; i < fields.size() && problem == null; i++) {
            Value.Field field = fields.get(i);
            long key = keySize(before, field.key());
            long value = ValueEncoding.delimitedSize(size(field.value(), depth + 1));
            size += ValueEncoding.delimitedSize(key + value);
            before = field.key();
        }
        return ValueEncoding.delimitedSize(size);
    }

    private long keySize(@Nullable String before, String key) {
        long size = textSize(key, "a key of a map");
        if (problem != null) {
            return 0;
        }
        int bytes = Utf8Text.size(key);
        if (bytes > limits.maxKeyBytes()) {
            return found(
                    ValueProblem.Kind.KEY_TOO_LONG,
                    "the key \"" + shown(key) + "\" has " + bytes + " bytes; the limit is " + limits.maxKeyBytes(),
                    limits.maxKeyBytes(),
                    bytes);
        }
        int order = before == null ? -1 : Utf8Text.compare(before, key);
        if (order == 0) {
            return found(ValueProblem.Kind.DUPLICATE_KEY, "the key \"" + shown(key) + "\" stands twice in a map", 0, 0);
        }
        if (order > 0) {
            return found(
                    ValueProblem.Kind.NOT_CANONICAL,
                    "the key \"" + shown(key) + "\" of a map is not in the order of the UTF-8 bytes",
                    0,
                    0);
        }
        return size;
    }

    private boolean tooManyElements(int more) {
        elements += more;
        if (elements > limits.maxElements()) {
            found(
                    ValueProblem.Kind.TOO_MANY_ELEMENTS,
                    "the value has more than " + limits.maxElements() + " items and entries",
                    limits.maxElements(),
                    elements);
            return true;
        }
        return false;
    }

    private long found(ValueProblem.Kind kind, String text, long limit, long actual) {
        if (problem == null) {
            problem = new ValueProblem(kind, text, limit, actual);
        }
        return 0;
    }

    private static String shown(String key) {
        return key.length() <= 40 ? key : key.substring(0, 40) + "...";
    }
}
