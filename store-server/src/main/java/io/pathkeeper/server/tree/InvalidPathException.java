package io.pathkeeper.server.tree;

/** A text is no path; the message says which rule it breaks. */
public final class InvalidPathException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final long limit;
    private final long actual;

    InvalidPathException(String message, long limit, long actual) {
        super(message);
        this.limit = limit;
        this.actual = actual;
    }

    /** The limit that was passed, 0 when the rule has none. */
    public long limit() {
        return limit;
    }

    /** What was found, 0 when the rule has no limit. */
    public long actual() {
        return actual;
    }
}
