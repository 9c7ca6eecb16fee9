package io.pathkeeper.client.error;

import org.jspecify.annotations.Nullable;

/** The time limit of the call is over. The outcome of a write tells whether it may be applied. */
public class OperationTimeoutException extends UnavailableException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception from the details of an error. */
    public OperationTimeoutException(ErrorDetails details, @Nullable Throwable cause) {
        super(details, cause);
    }
}
