package io.pathkeeper.client.error;

import org.jspecify.annotations.Nullable;

/** The revision is too old: the history, or the page token, no longer reaches back. Start again. */
public class RevisionCompactedException extends PathkeeperException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception from the details of an error. */
    public RevisionCompactedException(ErrorDetails details, @Nullable Throwable cause) {
        super(details, cause);
    }

    /** Returns the oldest revision that an observation can start from; 0 when the server did not tell. */
    public long oldestRevision() {
        return number("oldest_revision");
    }
}
