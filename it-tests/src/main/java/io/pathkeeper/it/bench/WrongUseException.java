package io.pathkeeper.it.bench;

/** The command cannot be carried out as it was given: exit code 2. The message says what to change. */
final class WrongUseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongUseException(String message) {
        super(message);
    }
}
