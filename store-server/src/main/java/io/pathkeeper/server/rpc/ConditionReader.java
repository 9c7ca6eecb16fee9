package io.pathkeeper.server.rpc;

import io.pathkeeper.server.state.Condition;
import io.pathkeeper.server.state.Condition.Comparison;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.server.value.ValueLimits;
import io.pathkeeper.v1.FieldCondition;

/** Turns the conditions of a transaction into those of the core. Throws {@link RejectedException}. Any thread. */
final class ConditionReader {
    private ConditionReader() {}

    static Condition read(io.pathkeeper.v1.Condition c, ValueLimits limits) {
        ZnodePath path = FieldReader.path(c.getPath());
        return switch (c.getTestCase()) {
            case EXISTS -> new Condition.Exists(path, c.getExists());
            case VERSION -> new Condition.Version(path, c.getVersion());
            case MODIFIED_REVISION -> new Condition.ModifiedRevision(path, c.getModifiedRevision());
            case VALUE_EQUALS -> new Condition.ValueEquals(path, Payloads.read(c.getValueEquals(), limits));
            case FIELD -> field(path, c.getField(), limits);
            case CHILD_COUNT -> new Condition.ChildCount(path, c.getChildCount());
            case TEST_NOT_SET ->
                throw RejectedException.argument("test", "is unset, or one that this server does not know");
        };
    }

    private static Condition field(ZnodePath path, FieldCondition f, ValueLimits limits) {
        Comparison comparison = switch (f.getComparison()) {
            case COMPARISON_EQUAL -> Comparison.EQUAL;
            case COMPARISON_NOT_EQUAL -> Comparison.NOT_EQUAL;
            case COMPARISON_LESS -> Comparison.LESS;
            case COMPARISON_LESS_OR_EQUAL -> Comparison.LESS_OR_EQUAL;
            case COMPARISON_GREATER -> Comparison.GREATER;
            case COMPARISON_GREATER_OR_EQUAL -> Comparison.GREATER_OR_EQUAL;
            case COMPARISON_EXISTS -> Comparison.EXISTS;
            case COMPARISON_UNSPECIFIED -> throw RejectedException.argument("field.comparison", "is unset");
            case UNRECOGNIZED -> throw FieldReader.unknown("field.comparison", f.getComparisonValue());
        };
        byte[] operand = comparison == Comparison.EXISTS ? new byte[0] : Payloads.read(f.getValue(), limits);
        return new Condition.Field(path, f.getPointer(), comparison, operand);
    }
}
