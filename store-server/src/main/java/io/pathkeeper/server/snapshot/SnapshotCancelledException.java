package io.pathkeeper.server.snapshot;

import java.io.IOException;
import java.nio.file.Path;

/** Writing a snapshot was cancelled. Nothing of it is left. */
public final class SnapshotCancelledException extends IOException {
    private static final long serialVersionUID = 1L;

    SnapshotCancelledException(Path target) {
        super("writing snapshot " + target + " was cancelled");
    }
}
