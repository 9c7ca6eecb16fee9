package io.pathkeeper.server.value;

import java.util.List;

/** Changes fields inside values. */
public final class FieldOperations {
    private FieldOperations() {}

    /**
     * Carries out operations in order, all or none.
     *
     * @param value canonical encoding
     * @param operations in order; each sees what the ones before it did
     * @param limits that the result must keep
     */
    public static PatchOutcome apply(byte[] value, List<FieldOperation> operations, ValueLimits limits) {
        throw new UnsupportedOperationException();
    }
}
