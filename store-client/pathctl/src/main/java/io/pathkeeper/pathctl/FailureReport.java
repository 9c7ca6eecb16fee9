package io.pathkeeper.pathctl;

import io.pathkeeper.client.error.ClientClosedException;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.error.ServerException;
import io.pathkeeper.client.error.UnavailableException;
import io.pathkeeper.pathctl.text.FileProblem;
import io.pathkeeper.pathctl.text.PathText;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Turns whatever a command throws into one line for a person and an exit code. */
public final class FailureReport {
    private static final String CHECK_SERVERS = "check that they run, or name others with --servers";
    private static final Map<String, String> ADVICE = Map.ofEntries(
            Map.entry(Reason.PARENT_NOT_FOUND, "create the parent first, or use -p"),
            Map.entry(Reason.NODE_EXISTS, "use set to change it"),
            Map.entry(Reason.NODE_NOT_EMPTY, "that is delete -r"),
            Map.entry(Reason.TOO_MANY_NODES, "use delete -r --in-parts, or delete the subtrees one by one"),
            Map.entry(Reason.REVISION_COMPACTED, "observe from now on, or with --initial"),
            Map.entry(Reason.OVERLOADED, "try again in a moment"),
            Map.entry(Reason.NOSPACE, "pathctl status shows the alarms of the servers"),
            Map.entry(Reason.MEMORY, "delete what is not needed; pathctl alarm list shows the limit"),
            Map.entry(Reason.CONNECTION_LOST, CHECK_SERVERS),
            Map.entry(Reason.DEADLINE_EXCEEDED, CHECK_SERVERS),
            Map.entry(Reason.CREDENTIAL_MISSING, "give --token-file, or --user with --password-file"),
            Map.entry(Reason.DENIED, "pathctl auth check tells which rule decides"),
            Map.entry(Reason.SIGN_IN_FAILED, "check --user and the password"),
            Map.entry(Reason.TOKEN_EXPIRED, "get another token, or give --user"));

    private FailureReport() {}

    /** Returns the exit code that tells of {@code error}. */
    public static ExitCode exitCode(Throwable error) {
        Throwable cause = unwrap(error);
        if (cause instanceof CommandFailure failure) {
            return failure.exitCode();
        }
        if (cause instanceof OutputClosed closed) {
            return closed.readerGone() ? ExitCode.OK : ExitCode.UNAVAILABLE;
        }
        if (cause instanceof IllegalArgumentException) {
            return ExitCode.USAGE;
        }
        if (cause instanceof InterruptedException) {
            return ExitCode.INTERRUPTED;
        }
        return cause instanceof PathkeeperException refusal ? exitCode(refusal) : ExitCode.UNAVAILABLE;
    }

    private static ExitCode exitCode(PathkeeperException refusal) {
        boolean environment = refusal instanceof UnavailableException
                || refusal instanceof ServerException
                || refusal instanceof ClientClosedException
                || refusal.outcome() == Outcome.UNKNOWN && !refusal.reason().equals(Reason.INTERRUPTED);
        return environment ? ExitCode.UNAVAILABLE : exitCode(refusal.reason());
    }

    private static ExitCode exitCode(String reason) {
        return switch (reason) {
            case Reason.NODE_NOT_FOUND,
                    Reason.PARENT_NOT_FOUND,
                    Reason.SESSION_NOT_FOUND,
                    Reason.SESSION_EXPIRED,
                    Reason.AUTH_RECORD_NOT_FOUND,
                    Reason.NAMESPACE_NOT_FOUND,
                    Reason.MEMBER_NOT_FOUND,
                    Reason.QUOTA_NOT_FOUND -> ExitCode.NOT_FOUND;
            case Reason.PATH_INVALID -> ExitCode.USAGE;
            case Reason.NODE_EXISTS, Reason.MEMBER_EXISTS -> ExitCode.EXISTS;
            case Reason.VERSION_MISMATCH, Reason.TEST_FAILED, Reason.LOCK_NOT_HELD -> ExitCode.CONDITION_FAILED;
            case Reason.INTERRUPTED -> ExitCode.INTERRUPTED;
            case Reason.SLOW_CONSUMER, Reason.OVERLOADED, Reason.NOSPACE, Reason.MEMORY -> ExitCode.UNAVAILABLE;
            default -> ExitCode.REFUSED;
        };
    }

    /**
     * Returns the line for {@code error}, without the leading {@code pathctl:}.
     *
     * @param servers the servers that were tried, named when none could be reached
     */
    public static String line(Throwable error, String servers) {
        Throwable cause = unwrap(error);
        String message = cause.getMessage();
        if (cause instanceof PathkeeperException refusal) {
            return PathText.printable(refusal(refusal, servers));
        }
        if (cause instanceof InterruptedException) {
            return "interrupted";
        }
        boolean told = cause instanceof CommandFailure
                || cause instanceof OutputClosed
                || cause instanceof IllegalArgumentException && message != null;
        if (told) {
            return PathText.printable(String.valueOf(message));
        }
        String name = cause.getClass().getSimpleName();
        if (cause instanceof FileSystemException problem && problem.getFile() != null) {
            return PathText.printable(problem.getFile() + ": " + FileProblem.words(problem));
        }
        if (cause instanceof IOException problem) {
            return PathText.printable(FileProblem.words(problem));
        }
        return PathText.printable(
                "unexpected " + name + (message == null ? "" : ": " + message) + " (--verbose shows where)");
    }

    private static String refusal(PathkeeperException refusal, String servers) {
        StringBuilder line =
                new StringBuilder(String.valueOf(refusal.getMessage()).replaceAll("\\s*\\R\\s*", "; "));
        boolean environment = exitCode(refusal) == ExitCode.UNAVAILABLE;
        if (environment && line.indexOf(servers) < 0) {
            line.append(" (servers tried: ").append(servers).append(')');
        }
        String advice = ADVICE.get(refusal.reason());
        if (advice != null) {
            line.append("; ").append(advice);
        }
        if (environment && refusal.outcome() == Outcome.UNKNOWN) {
            line.append("; the change may have been made: look before doing it again");
        }
        return line.toString();
    }

    /** Returns the error inside the wrappers of futures. */
    public static Throwable unwrap(Throwable error) {
        Throwable cause = error;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
