package io.pathkeeper.server.state;

import io.pathkeeper.server.tree.TreeEditor;
import io.pathkeeper.server.tree.Znode;
import io.pathkeeper.server.value.JsonPointer;
import io.pathkeeper.server.value.Value;
import io.pathkeeper.server.value.ValueComparison;
import io.pathkeeper.server.value.ValueEncoding;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides conditions of transactions. Apply thread. */
final class ConditionCheck {
    private final TreeEditor tree;
    private byte @Nullable [] decodedFrom;
    private @Nullable Value decoded;

    ConditionCheck(TreeEditor tree) {
        this.tree = tree;
    }

    /** Why a condition cannot be decided, or null. */
    static CommandResult.@Nullable Rejected refused(Condition condition) {
        if (condition instanceof Condition.Field field && JsonPointer.parse(field.pointer()) == null) {
            return Refusals.of(
                    RejectReason.POINTER_INVALID,
                    "\"" + field.pointer() + "\" in a condition on " + field.path()
                            + " is no JSON Pointer: it is empty or begins with \"/\", and \"~\" is written \"~0\"",
                    "path",
                    field.path().toString(),
                    "pointer",
                    field.pointer());
        }
        return null;
    }

    boolean all(List<Condition> conditions) {
        boolean holds = true;
        for (int i = 0; i < conditions.size() && holds; i++) {
            holds = holds(conditions.get(i));
        }
        decodedFrom = null;
        decoded = null;
        return holds;
    }

    private boolean holds(Condition condition) {
        Znode znode = tree.find(condition.path());
        if (condition instanceof Condition.Exists exists) {
            return (znode != null) == exists.expected();
        } else if (znode == null) {
            return false;
        } else if (condition instanceof Condition.Version version) {
            return znode.version() == version.version();
        } else if (condition instanceof Condition.ModifiedRevision modified) {
            return znode.modifiedRevision() == modified.revision();
        } else if (condition instanceof Condition.ValueEquals equal) {
            return Arrays.equals(znode.value(), equal.value());
        } else if (condition instanceof Condition.ChildCount children) {
            return znode.childCount() == children.count();
        } else {
            return holds((Condition.Field) condition, znode);
        }
    }

    private boolean holds(Condition.Field condition, Znode znode) {
        List<String> names = JsonPointer.parse(condition.pointer());
        Value field = names == null ? null : JsonPointer.find(decoded(znode.value()), names);
        if (condition.comparison() == Condition.Comparison.EXISTS) {
            return field != null;
        }
        if (field == null) {
            return condition.comparison() == Condition.Comparison.NOT_EQUAL;
        }
        Value operand =
                condition.operand().length == 0 ? Value.Null.INSTANCE : ValueEncoding.decode(condition.operand());
        boolean equal = ValueComparison.equal(field, operand);
        int order = ValueComparison.order(field, operand);
        return switch (condition.comparison()) {
            case EQUAL -> equal;
            case NOT_EQUAL -> !equal;
            case LESS -> order == -1;
            case LESS_OR_EQUAL -> order == -1 || equal;
            case GREATER -> order == 1;
            case GREATER_OR_EQUAL -> order == 1 || equal;
            case EXISTS -> true;
        };
    }

    /** Decodes a value once for conditions in a row. */
    private Value decoded(byte[] encoding) {
        Value value = decoded;
        if (value == null || decodedFrom != encoding) {
            value = ValueEncoding.decode(encoding);
            decoded = value;
            decodedFrom = encoding;
        }
        return value;
    }
}
