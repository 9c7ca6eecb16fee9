package io.pathkeeper.server.value;

/** What field operations made of a value. */
public sealed interface PatchOutcome {
    /** All operations were carried out; the canonical encoding of the new value. */
    record Patched(byte[] value) implements PatchOutcome {}

    /**
     * Nothing was changed.
     *
     * @param problem what is wrong
     * @param index which operation was refused, from 0; -1 when the result as a whole is refused
     * @param pointer pointer of that operation, empty when there is none
     * @param text for people
     * @param limit the limit, 0 when there is none
     * @param actual what was found, 0 when it is no number
     */
    record Refused(Problem problem, int index, String pointer, String text, long limit, long actual)
            implements PatchOutcome {}

    /** What can be wrong. */
    enum Problem {
        POINTER_INVALID,
        FIELD_NOT_FOUND,
        FIELD_TYPE,
        TEST_FAILED,
        INT_OVERFLOW,
        VALUE_TOO_LARGE,
        VALUE_INVALID
    }
}
