package io.pathkeeper.client.error;

import org.jspecify.annotations.Nullable;

/** The znode to be created exists already. The call had no effect. */
public class NodeExistsException extends PathkeeperException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception from the details of an error. */
    public NodeExistsException(ErrorDetails details, @Nullable Throwable cause) {
        super(details, cause);
    }

    /** Returns the revision at which the value of the existing znode was last changed; 0 when the server did not tell. */
    public long modifiedRevision() {
        return number("modified_revision");
    }
}
