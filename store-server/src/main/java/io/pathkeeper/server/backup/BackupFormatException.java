package io.pathkeeper.server.backup;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file is not a complete, undamaged backup of a known version. The message names the file and what is wrong with it. */
public final class BackupFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Why a file is refused. */
    public enum Problem {
        /** Something else than a backup. */
        NO_BACKUP,
        /** Written by a newer release. */
        NEWER,
        /** Only its beginning is there. */
        INCOMPLETE,
        /** It has other bytes than were written. */
        DAMAGED
    }

    private final Problem problem;

    BackupFormatException(Path file, Problem problem, String text, @Nullable Throwable cause) {
        super("backup " + file + " cannot be used: " + text, cause);
        this.problem = problem;
    }

    BackupFormatException(Path file, Problem problem, String text) {
        this(file, problem, text, null);
    }

    /** Why. */
    public Problem problem() {
        return problem;
    }
}
