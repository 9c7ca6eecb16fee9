package io.pathkeeper.server.rpc;

import io.pathkeeper.v1.ValueFormat;
import io.pathkeeper.v1.View;
import java.util.List;

/**
 * What must be remembered of a write until its result comes: which response it gets and in which form.
 *
 * @param kind which response
 * @param format form of the values in it
 * @param view of a read inside a transaction
 * @param returnData of a patch: whether the new value goes back
 * @param then of a transaction: the operations for conditions that hold
 * @param otherwise of a transaction: the operations for conditions that do not
 */
record Shape(Kind kind, ValueFormat format, View view, boolean returnData, List<Shape> then, List<Shape> otherwise) {
    enum Kind {
        CREATE,
        SET,
        PATCH,
        DELETE,
        READ,
        TRANSACT
    }

    static final Shape CREATE = of(Kind.CREATE, ValueFormat.VALUE_FORMAT_VALUE, false);
    private static final Shape PLAIN_SET = of(Kind.SET, ValueFormat.VALUE_FORMAT_VALUE, false);

    static Shape of(Kind kind, ValueFormat format, boolean returnData) {
        return new Shape(kind, format, View.VIEW_FULL, returnData, List.of(), List.of());
    }

    static Shape set(ValueFormat format) {
        return format == ValueFormat.VALUE_FORMAT_UNSPECIFIED ? PLAIN_SET : of(Kind.SET, format, false);
    }

    static Shape read(ValueFormat format, View view) {
        return new Shape(Kind.READ, format, view, false, List.of(), List.of());
    }

    static Shape transact(List<Shape> then, List<Shape> otherwise) {
        return new Shape(
                Kind.TRANSACT,
                ValueFormat.VALUE_FORMAT_VALUE,
                View.VIEW_FULL,
                false,
                List.copyOf(then),
                List.copyOf(otherwise));
    }
}
