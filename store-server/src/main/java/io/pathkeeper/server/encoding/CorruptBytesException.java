package io.pathkeeper.server.encoding;

/**
 * Bytes are not what their format says. Carries where, so that the format's own exception can name the place; has no stack trace,
 * because that exception has one.
 */
public final class CorruptBytesException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int position;

    /**
     * Tells of malformed input.
     *
     * @param position offset of the offending bytes from the start of the input
     * @param problem what was expected and what was found
     */
    public CorruptBytesException(int position, String problem) {
        super(problem, null, false, false);
        this.position = position;
    }

    /** Offset of the offending bytes from the start of the input. */
    public int position() {
        return position;
    }
}
