package io.pathkeeper.client.error;

import org.jspecify.annotations.Nullable;

/** Too much is outstanding, at the server or in this client. Slow down and try again. No effect. */
public class OverloadedException extends UnavailableException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception from the details of an error. */
    public OverloadedException(ErrorDetails details, @Nullable Throwable cause) {
        super(details, cause);
    }
}
