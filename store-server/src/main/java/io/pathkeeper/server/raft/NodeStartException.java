package io.pathkeeper.server.raft;

import io.pathkeeper.server.encoding.CorruptBytesException;
import io.pathkeeper.server.snapshot.SnapshotFormatException;
import java.io.IOException;
import java.net.BindException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.util.Locale;
import org.apache.ratis.protocol.exceptions.ChecksumException;
import org.apache.ratis.server.raftlog.RaftLogIOException;
import org.apache.ratis.util.JavaUtils;
import org.jspecify.annotations.Nullable;

/** A member could not be started, and why, in one line. */
public final class NodeStartException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Problem problem;

    /** What kind of problem it is. */
    public enum Problem {
        /** Another process listens there. */
        PORT_IN_USE,
        /** Another process uses the directory. */
        LOCKED,
        /** The log or a snapshot cannot be read. */
        CORRUPT,
        /** The disk is full or refuses. */
        STORAGE,
        /** Another process serves with this member's identity. */
        IDENTITY,
        /** Something else. */
        OTHER
    }

    private NodeStartException(Problem problem, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.problem = problem;
    }

    /** What kind of problem it is. */
    public Problem problem() {
        return problem;
    }

    static NodeStartException identity(String message) {
        return new NodeStartException(Problem.IDENTITY, message, null);
    }

    static NodeStartException of(NodeSettings settings, Throwable error) {
        if (error instanceof NodeStartException told) {
            return told;
        }
        for (Throwable at = JavaUtils.unwrapCompletionException(error); at != null; at = at.getCause()) {
            String text = String.valueOf(at.getMessage());
            String lower = text.toLowerCase(Locale.ROOT);
            if (at instanceof BindException || lower.contains("address already in use")) {
                return new NodeStartException(
                        Problem.PORT_IN_USE,
                        "cannot listen on " + settings.raftListen() + " for the other servers: " + text,
                        error);
            }
            if (at instanceof OverlappingFileLockException || lower.contains("already locked")) {
                return new NodeStartException(
                        Problem.LOCKED, "another process uses " + settings.directory() + ": " + text, error);
            }
            if (lower.contains("no space left") || at instanceof AccessDeniedException) {
                return new NodeStartException(
                        Problem.STORAGE, "cannot write below " + settings.directory() + ": " + text, error);
            }
            if (isCorruption(at, lower)) {
                return new NodeStartException(
                        Problem.CORRUPT, "the data below " + settings.directory() + " cannot be read: " + text, error);
            }
        }
        return new NodeStartException(Problem.OTHER, "the server could not be started: " + error, error);
    }

    private static boolean isCorruption(Throwable at, String lower) {
        return at instanceof SnapshotFormatException
                || at instanceof CorruptBytesException
                || at instanceof ChecksumException
                || at instanceof RaftLogIOException
                || lower.contains("corrupt")
                || lower.contains("entries between them are missing");
    }
}
