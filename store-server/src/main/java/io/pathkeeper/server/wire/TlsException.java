package io.pathkeeper.server.wire;

/** Key, certificate or authorities cannot be used. The message is one line that names key of the configuration, file and what to do. */
public final class TlsException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Makes one with its line for the operator. */
    public TlsException(String message) {
        super(message);
    }
}
