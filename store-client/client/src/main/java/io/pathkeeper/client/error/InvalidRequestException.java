package io.pathkeeper.client.error;

import org.jspecify.annotations.Nullable;

/** The call itself is wrong: its path, its value, a pointer, an option. Repeating it does not help. No effect. */
public class InvalidRequestException extends PathkeeperException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception from the details of an error. */
    public InvalidRequestException(ErrorDetails details, @Nullable Throwable cause) {
        super(details, cause);
    }
}
