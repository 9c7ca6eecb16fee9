package io.pathkeeper.client.error;

import org.jspecify.annotations.Nullable;

/** The call goes beyond a limit or a quota, which the metadata names. No effect. */
public class LimitExceededException extends PathkeeperException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception from the details of an error. */
    public LimitExceededException(ErrorDetails details, @Nullable Throwable cause) {
        super(details, cause);
    }

    /** Returns the limit; 0 when the server did not tell. */
    public long limit() {
        return number("limit");
    }
}
