package io.pathkeeper.client.error;

import org.jspecify.annotations.Nullable;

/** The thread that waited in a blocking call was interrupted; its interrupt flag is set. A write may be applied. */
public class OperationInterruptedException extends PathkeeperException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception from the details of an error. */
    public OperationInterruptedException(ErrorDetails details, @Nullable Throwable cause) {
        super(details, cause);
    }
}
