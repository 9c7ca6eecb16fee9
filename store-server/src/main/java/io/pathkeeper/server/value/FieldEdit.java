package io.pathkeeper.server.value;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Carries out one operation on one value; after a refusal what it returns means nothing. Of one thread, used once. */
final class FieldEdit {
    private final FieldOperation operation;
    private final int index;
    private final ValueLimits limits;
    private List<String> names = List.of();
    private PatchOutcome.@Nullable Refused refused;

    FieldEdit(FieldOperation operation, int index, ValueLimits limits) {
        this.operation = operation;
        this.index = index;
        this.limits = limits;
    }

    PatchOutcome.@Nullable Refused refused() {
        return refused;
    }

    Value apply(Value whole) {
        List<String> parsed = JsonPointer.parse(operation.pointer());
        if (parsed == null) {
            refuse(
                    PatchOutcome.Problem.POINTER_INVALID,
                    "is no JSON Pointer: it is empty or begins with \"/\", and \"~\" is written \"~0\"");
            return whole;
        }
        if (parsed.size() > limits.maxDepth()) {
            refuse(
                    PatchOutcome.Problem.POINTER_INVALID,
                    "has " + parsed.size() + " names; values have at most " + limits.maxDepth() + " levels");
            return whole;
        }
        names = parsed;
        Value changed = change(whole, 0);
        if (changed == null && refused == null) {
            refuse(
                    PatchOutcome.Problem.POINTER_INVALID,
                    "is the whole value, which cannot be removed: set it to null or delete the znode");
        }
        return changed == null ? whole : changed;
    }

    /** What stands at this level afterwards; null for nothing. */
    private @Nullable Value change(Value current, int level) {
        if (level == names.size()) {
            return target(current);
        }
        String name = names.get(level);
        if (current instanceof Value.Fields map) {
            return changeField(map, name, level);
        }
        if (current instanceof Value.Items list) {
            return changeItem(list, name, level);
        }
        refuse(
                PatchOutcome.Problem.FIELD_TYPE,
                "leads into " + article(current) + " at \"" + name + "\"; only maps and lists have fields");
        return current;
    }

    private Value changeField(Value.Fields map, String key, int level) {
        List<Value.Field> fields = map.fields();
        int at = JsonPointer.indexOf(fields, key);
        if (at < 0 && level < names.size() - 1) {
            return missing(map, "there is no field \"" + key + "\"");
        }
        Value old = at < 0 ? null : fields.get(at).value();
        Value changed = old == null ? target(null) : change(old, level + 1);
        if (refused != null || changed == old) {
            return map;
        }
        List<Value.Field> copy = new ArrayList<>(fields.size() + 1);
        copy.addAll(fields);
        if (changed == null) {
            copy.remove(at);
        } else if (at < 0) {
            copy.add(-at - 1, new Value.Field(key, changed));
        } else {
            copy.set(at, new Value.Field(key, changed));
        }
        return new Value.Fields(copy);
    }

    private Value changeItem(Value.Items list, String name, int level) {
        List<Value> items = list.items();
        int at = name.equals("-") ? items.size() : JsonPointer.index(name);
        if (at < 0) {
            refuse(PatchOutcome.Problem.POINTER_INVALID, "names \"" + name + "\", which is no position in a list");
            return list;
        }
        boolean absent = at >= items.size();
        if (at > items.size() || (absent && level < names.size() - 1)) {
            return missing(list, "there is no position " + name + " in a list of " + items.size() + " items");
        }
        Value old = absent ? null : items.get(at);
        Value changed = old == null ? target(null) : change(old, level + 1);
        if (refused != null || changed == old) {
            return list;
        }
        List<Value> copy = new ArrayList<>(items.size() + 1);
        copy.addAll(items);
        if (changed == null) {
            copy.remove(at);
        } else if (absent) {
            copy.add(changed);
        } else {
            copy.set(at, changed);
        }
        return new Value.Items(copy);
    }

    /** Carries out the operation where the pointer leads; null in: nothing is there, null out: nothing is there any more. */
    private @Nullable Value target(@Nullable Value old) {
        return switch (operation.type()) {
            case SET -> operand();
            case SET_IF_ABSENT -> old == null ? operand() : old;
            case REMOVE -> removed(old);
            case MERGE -> merged(old, operand());
            case LIST_APPEND -> appended(old);
            case LIST_INSERT -> inserted(old);
            case LIST_REMOVE -> withoutItem(old);
            case INCREMENT -> incremented(old);
            case TEST -> tested(old);
        };
    }

    private Value operand() {
        return operation.operand().length == 0 ? Value.Null.INSTANCE : ValueEncoding.decode(operation.operand());
    }

    private @Nullable Value removed(@Nullable Value old) {
        if (old == null) {
            refuse(PatchOutcome.Problem.FIELD_NOT_FOUND, "leads to nothing that could be removed");
        }
        return null;
    }

    /** RFC 7396, as one walk over both sorted lists of entries. */
    private static Value merged(@Nullable Value old, Value patch) {
        if (!(patch instanceof Value.Fields changes)) {
            return patch;
        }
        List<Value.Field> before = old instanceof Value.Fields map ? map.fields() : List.of();
        List<Value.Field> after =
                new ArrayList<>(before.size() + changes.fields().size());
        int at = 0;
        for (Value.Field change : changes.fields()) {
            int order = -1;
            while (at < before.size()
                    && (order = Utf8Text.compare(before.get(at).key(), change.key())) < 0) {
                after.add(before.get(at++));
            }
            boolean present = at < before.size() && order == 0;
            Value below = present ? before.get(at++).value() : null;
            if (!(change.value() instanceof Value.Null)) {
                after.add(new Value.Field(change.key(), merged(below, change.value())));
            }
        }
        after.addAll(before.subList(at, before.size()));
        return new Value.Fields(after);
    }

    private @Nullable Value appended(@Nullable Value old) {
        List<Value> items = old == null ? List.of() : itemsOf(old);
        if (refused != null) {
            return old;
        }
        List<Value> copy = new ArrayList<>(items.size() + 1);
        copy.addAll(items);
        copy.add(operand());
        return new Value.Items(copy);
    }

    private @Nullable Value inserted(@Nullable Value old) {
        if (old == null) {
            refuse(PatchOutcome.Problem.FIELD_NOT_FOUND, "leads to nothing; a list must be there to insert into");
            return null;
        }
        List<Value> items = itemsOf(old);
        if (refused != null) {
            return old;
        }
        long at = operation.index();
        if (at == FieldOperation.NO_INDEX) {
            refuse(PatchOutcome.Problem.POINTER_INVALID, "needs an index to insert before");
            return old;
        }
        if (at < 0 || at > items.size()) {
            refuse(
                    PatchOutcome.Problem.FIELD_NOT_FOUND,
                    "leads to a list of " + items.size() + " items, which has no place " + at + " to insert at");
            return old;
        }
        List<Value> copy = new ArrayList<>(items.size() + 1);
        copy.addAll(items);
        copy.add((int) at, operand());
        return new Value.Items(copy);
    }

    private @Nullable Value withoutItem(@Nullable Value old) {
        if (old == null) {
            refuse(PatchOutcome.Problem.FIELD_NOT_FOUND, "leads to nothing; a list must be there to remove from");
            return null;
        }
        List<Value> items = itemsOf(old);
        if (refused != null) {
            return old;
        }
        long at = operation.index() == FieldOperation.NO_INDEX ? positionOfOperand(items) : operation.index();
        if (at < 0 || at >= items.size()) {
            String what = operation.index() == FieldOperation.NO_INDEX
                    ? "no item that equals the operand"
                    : "no item " + operation.index();
            refuse(PatchOutcome.Problem.FIELD_NOT_FOUND, "leads to a list of " + items.size() + " items with " + what);
            return old;
        }
        List<Value> copy = new ArrayList<>(items);
        copy.remove((int) at);
        return new Value.Items(copy);
    }

    private int positionOfOperand(List<Value> items) {
        Value operand = operand();
        for (int i = 0; i < items.size(); i++) {
            if (ValueComparison.equal(items.get(i), operand)) {
                return i;
            }
        }
        return -1;
    }

    private @Nullable Value incremented(@Nullable Value old) {
        if (old != null && !(old instanceof Value.Int)) {
            refuse(PatchOutcome.Problem.FIELD_TYPE, "leads to " + article(old) + "; only integers can be incremented");
            return old;
        }
        long number = old instanceof Value.Int integer ? integer.value() : 0;
        long sum = number + operation.delta();
        if (((number ^ sum) & (operation.delta() ^ sum)) < 0) {
            refuse(
                    PatchOutcome.Problem.INT_OVERFLOW,
                    "leads to " + number + "; adding " + operation.delta() + " leaves the 64-bit integers");
            return old;
        }
        return new Value.Int(sum);
    }

    private @Nullable Value tested(@Nullable Value old) {
        if (old == null) {
            refuse(PatchOutcome.Problem.TEST_FAILED, "leads to nothing; the test expects a value");
        } else if (!ValueComparison.equal(old, operand())) {
            refuse(PatchOutcome.Problem.TEST_FAILED, "leads to a value that is not the expected one");
        }
        return old;
    }

    private List<Value> itemsOf(Value value) {
        if (value instanceof Value.Items list) {
            return list.items();
        }
        refuse(PatchOutcome.Problem.FIELD_TYPE, "leads to " + article(value) + " where a list must be");
        return List.of();
    }

    private Value missing(Value current, String what) {
        refuse(PatchOutcome.Problem.FIELD_NOT_FOUND, "cannot be followed: " + what);
        return current;
    }

    private void refuse(PatchOutcome.Problem problem, String what) {
        if (refused == null) {
            String shown = operation.pointer().length() <= 100
                    ? operation.pointer()
                    : operation.pointer().substring(0, 100) + "...";
            String text = "operation " + index + " (" + operation.type() + "): the pointer \"" + shown + "\" " + what;
            refused = new PatchOutcome.Refused(problem, index, shown, text, 0, 0);
        }
    }

    private static String article(Value value) {
        return switch (value.kind()) {
            case NULL -> "null";
            case INT -> "an integer";
            case BYTES -> "bytes";
            default -> "a " + value.kind().displayName();
        };
    }
}
