package io.pathkeeper.client.error;

import org.jspecify.annotations.Nullable;

/** The znode, or the parent of the znode to be created, does not exist. The call had no effect. */
public class NodeNotFoundException extends PathkeeperException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception from the details of an error. */
    public NodeNotFoundException(ErrorDetails details, @Nullable Throwable cause) {
        super(details, cause);
    }
}
