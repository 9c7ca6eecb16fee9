package io.pathkeeper.server.snapshot;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file is not a complete, undamaged snapshot of a known version. The message names the file, the place and what was expected. */
public class SnapshotFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Path file;
    private final long position;

    /** Tells what is wrong at a place of a file, and what noticed it. */
    public SnapshotFormatException(Path file, long position, String problem, @Nullable Throwable cause) {
        super("snapshot " + file + " is not usable at byte " + position + ": " + problem, cause);
        this.file = file;
        this.position = position;
    }

    /** Tells what is wrong at a place of a file. */
    public SnapshotFormatException(Path file, long position, String problem) {
        this(file, position, problem, null);
    }

    /** The file. */
    public Path file() {
        return file;
    }

    /** Offset in the file: that of the damaged bytes or of the block that holds them. */
    public long position() {
        return position;
    }
}
