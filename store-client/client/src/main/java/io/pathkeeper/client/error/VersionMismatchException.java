package io.pathkeeper.client.error;

import org.jspecify.annotations.Nullable;

/** The znode does not have the expected version or revision. The call had no effect: read again and decide. */
public class VersionMismatchException extends PathkeeperException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception from the details of an error. */
    public VersionMismatchException(ErrorDetails details, @Nullable Throwable cause) {
        super(details, cause);
    }

    /** Returns the version that the znode has; 0 when the server did not tell. */
    public long currentVersion() {
        return number("current_version");
    }

    /** Returns the modified revision that the znode has; 0 when the server did not tell. */
    public long currentRevision() {
        return number("current_revision");
    }
}
