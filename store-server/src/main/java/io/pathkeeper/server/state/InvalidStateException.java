package io.pathkeeper.server.state;

/** A stored state contradicts itself and cannot be restored. */
public final class InvalidStateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says what contradicts what. */
    public InvalidStateException(String message) {
        super(message);
    }
}
