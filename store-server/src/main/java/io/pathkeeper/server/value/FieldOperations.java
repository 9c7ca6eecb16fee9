package io.pathkeeper.server.value;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Changes fields inside values. Stateless and deterministic. */
public final class FieldOperations {
    private FieldOperations() {}

    /**
     * Carries out operations in order, all or none.
     *
     * <p>The parent of what a pointer names must exist. In lists a position equal to the size, or {@code -}, is the place behind
     * the last item.
     *
     * @param value canonical encoding
     * @param operations in order; each sees what the ones before it did
     * @param limits that the result must keep
     */
    public static PatchOutcome apply(byte[] value, List<FieldOperation> operations, ValueLimits limits) {
        Value current = ValueEncoding.decode(value);
        for (int i = 0; i < operations.size(); i++) {
            FieldEdit edit = new FieldEdit(operations.get(i), i, limits);
            current = edit.apply(current);
            PatchOutcome.@Nullable Refused refused = edit.refused();
            if (refused != null) {
                return refused;
            }
        }
        ValueProblem problem = ValueEncoding.check(current, limits);
        if (problem != null) {
            PatchOutcome.Problem kind = problem.kind() == ValueProblem.Kind.TOO_LARGE
                    ? PatchOutcome.Problem.VALUE_TOO_LARGE
                    : PatchOutcome.Problem.VALUE_INVALID;
            return new PatchOutcome.Refused(
                    kind, -1, "", "after the patch " + problem.text(), problem.limit(), problem.actual());
        }
        return new PatchOutcome.Patched(ValueEncoding.encode(current));
    }
}
