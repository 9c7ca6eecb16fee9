package io.pathkeeper.client.error;

import org.jspecify.annotations.Nullable;

/** The state of the store forbids the call: the znode is not empty, is ephemeral, the session has expired. No effect. */
public class PreconditionFailedException extends PathkeeperException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception from the details of an error. */
    public PreconditionFailedException(ErrorDetails details, @Nullable Throwable cause) {
        super(details, cause);
    }
}
