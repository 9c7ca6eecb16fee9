package io.pathkeeper.client.error;

import org.jspecify.annotations.Nullable;

/** The server failed in a way that has no reason of its own. A write may be applied. */
public class ServerException extends PathkeeperException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception from the details of an error. */
    public ServerException(ErrorDetails details, @Nullable Throwable cause) {
        super(details, cause);
    }
}
