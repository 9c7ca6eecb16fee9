package io.pathkeeper.client.error;

import org.jspecify.annotations.Nullable;

/** The service cannot answer now: no leader, no quorum, no connection. The outcome of a write tells whether it may be applied. */
public class UnavailableException extends PathkeeperException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception from the details of an error. */
    public UnavailableException(ErrorDetails details, @Nullable Throwable cause) {
        super(details, cause);
    }
}
