package io.pathkeeper.server;

import org.jspecify.annotations.Nullable;

/** The server cannot be started. The message is one line for the operator. */
public final class StartException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ExitCode code;

    StartException(ExitCode code, String message, @Nullable Throwable cause) {
        super(message.strip().replaceAll("\\s*\\R\\s*", "; "), cause);
        this.code = code;
    }

    /** What the process ends with. */
    public ExitCode code() {
        return code;
    }
}
