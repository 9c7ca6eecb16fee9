package io.pathkeeper.client.error;

import org.jspecify.annotations.Nullable;

/** The client is not known or may not do this. No effect. */
public class AccessDeniedException extends PathkeeperException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception from the details of an error. */
    public AccessDeniedException(ErrorDetails details, @Nullable Throwable cause) {
        super(details, cause);
    }
}
