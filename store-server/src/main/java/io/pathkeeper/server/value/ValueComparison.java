package io.pathkeeper.server.value;

import java.util.Arrays;
import java.util.List;

/** Compares values: numbers by their exact value whatever their type, all others only within their type. Stateless. */
public final class ValueComparison {
    /** Answer of {@link #order} for values that have no order. */
    public static final int UNORDERED = Integer.MIN_VALUE;

    private static final double TWO_TO_63 = 0x1p63;

    private ValueComparison() {}

    /** Whether two values are equal. */
    public static boolean equal(Value a, Value b) {
        if (isNumber(a) && isNumber(b)) {
            return order(a, b) == 0;
        }
        if (a instanceof Value.Items x && b instanceof Value.Items y) {
            return equalItems(x.items(), y.items());
        }
        if (a instanceof Value.Fields x && b instanceof Value.Fields y) {
            return equalFields(x.fields(), y.fields());
        }
        return a.equals(b);
    }

    private static boolean equalItems(List<Value> a, List<Value> b) {
        boolean equal = a.size() == b.size();
        for (int i = 0; equal && i < a.size(); i++) {
            equal = equal(a.get(i), b.get(i));
        }
        return equal;
    }

    private static boolean equalFields(List<Value.Field> a, List<Value.Field> b) {
        boolean equal = a.size() == b.size();
        for (int i = 0; equal && i < a.size(); i++) {
            equal = a.get(i).key().equals(b.get(i).key())
                    && equal(a.get(i).value(), b.get(i).value());
        }
        return equal;
    }

    /** -1, 0 or 1 for numbers, and for texts, bytes and truth values among themselves; else {@link #UNORDERED}. */
    public static int order(Value a, Value b) {
        if (a instanceof Value.Int x) {
            return b instanceof Value.Int y
                    ? Long.compare(x.value(), y.value())
                    : b instanceof Value.Real y ? order(x.value(), y.value()) : UNORDERED;
        }
        if (a instanceof Value.Real x) {
            return b instanceof Value.Real y
                    ? Double.compare(x.value(), y.value())
                    : b instanceof Value.Int y ? -order(y.value(), x.value()) : UNORDERED;
        }
        if (a instanceof Value.Text x && b instanceof Value.Text y) {
            return Integer.signum(Utf8Text.compare(x.value(), y.value()));
        }
        if (a instanceof Value.Bytes x && b instanceof Value.Bytes y) {
            return Integer.signum(Arrays.compareUnsigned(x.value(), y.value()));
        }
        if (a instanceof Value.Bool x && b instanceof Value.Bool y) {
            return Boolean.compare(x.value(), y.value());
        }
        return UNORDERED;
    }

    private static boolean isNumber(Value value) {
        return value instanceof Value.Int || value instanceof Value.Real;
    }

    /** Compares without rounding either side; the double is finite. */
    private static int order(long a, double b) {
        if (b >= TWO_TO_63) {
            return -1;
        }
        if (b < -TWO_TO_63) {
            return 1;
        }
        long whole = (long) b;
        return a != whole ? Long.compare(a, whole) : Double.compare(0, b - whole);
    }
}
