package io.pathkeeper.client.model;

/** How a field of a value is compared in a {@link Condition}. */
public enum Comparison {
    /** Same type and same value; an integer and a double are compared exactly. */
    EQUAL,
    /** Different, or absent. */
    NOT_EQUAL,
    /** Less; values of different types are never less. */
    LESS,
    /** Less or equal. */
    LESS_OR_EQUAL,
    /** Greater. */
    GREATER,
    /** Greater or equal. */
    GREATER_OR_EQUAL,
    /** Something is there. */
    EXISTS
}
