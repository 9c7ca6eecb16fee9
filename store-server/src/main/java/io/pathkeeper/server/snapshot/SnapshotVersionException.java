package io.pathkeeper.server.snapshot;

import java.nio.file.Path;

/** A snapshot was written by a newer release. Nothing is wrong with the file; this server is too old for it. */
public final class SnapshotVersionException extends SnapshotFormatException {
    private static final long serialVersionUID = 1L;

    private final int version;

    /** Tells of a version that is unknown here. */
    public SnapshotVersionException(Path file, int version) {
        super(
                file,
                SnapshotFormat.MAGIC.length,
                "its format version is " + Integer.toUnsignedString(version) + ", this server reads versions up to "
                        + SnapshotFormat.VERSION + "; start a release at least as new as the one that wrote it");
        this.version = version;
    }

    /** The version of the file. */
    public int version() {
        return version;
    }
}
