package io.pathkeeper.server.value;

/** Compares values: numbers by their exact value whatever their type, all others only within their type. */
public final class ValueComparison {
    /** Answer of {@link #order} for values that have no order. */
    public static final int UNORDERED = Integer.MIN_VALUE;

    private ValueComparison() {}

    /** Whether two values are equal. */
    public static boolean equal(Value a, Value b) {
        throw new UnsupportedOperationException();
    }

    /** -1, 0 or 1 for numbers, texts, bytes and truth values of the same type; else {@link #UNORDERED}. */
    public static int order(Value a, Value b) {
        throw new UnsupportedOperationException();
    }
}
