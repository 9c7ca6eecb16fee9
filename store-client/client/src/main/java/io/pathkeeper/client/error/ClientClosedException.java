package io.pathkeeper.client.error;

import org.jspecify.annotations.Nullable;

/** The client was closed before the call was answered. The outcome of a write tells whether it may be applied. */
public class ClientClosedException extends PathkeeperException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception from the details of an error. */
    public ClientClosedException(ErrorDetails details, @Nullable Throwable cause) {
        super(details, cause);
    }
}
