package io.pathkeeper.server.value;

/**
 * Why a value is refused.
 *
 * @param kind what is wrong
 * @param text for people: names the thing, the value and the limit
 * @param limit the limit, 0 when there is none
 * @param actual what was found, 0 when it is no number
 */
public record ValueProblem(Kind kind, String text, long limit, long actual) {
    /** What can be wrong with a value. */
    public enum Kind {
        /** A double is NaN or infinite. */
        NUMBER_RANGE,
        /** A text or a key is not valid Unicode. */
        TEXT_INVALID,
        /** A key stands twice in a map. */
        DUPLICATE_KEY,
        /** The encoding is larger than the limit. */
        TOO_LARGE,
        /** Too many levels. */
        TOO_DEEP,
        /** Too many items and entries. */
        TOO_MANY_ELEMENTS,
        /** A key is longer than the limit. */
        KEY_TOO_LONG,
        /** The entries of a map are not in canonical order, or bytes are no canonical encoding. */
        NOT_CANONICAL
    }
}
