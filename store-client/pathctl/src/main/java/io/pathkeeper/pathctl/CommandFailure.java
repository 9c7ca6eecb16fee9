package io.pathkeeper.pathctl;

/**
 * A command that could not do its work: one line for a person and the exit code for scripts. The message names the thing,
 * the reason and what to do.
 */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;

    /** Makes a failure with its line, without the leading {@code pathctl:}. */
    public CommandFailure(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** Makes a failure that something else caused; {@code --verbose} shows the cause. */
    public CommandFailure(ExitCode exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** Makes a failure of kind {@link ExitCode#USAGE}. */
    public static CommandFailure usage(String message) {
        return new CommandFailure(ExitCode.USAGE, message);
    }

    /** Returns what the process ends with. */
    public ExitCode exitCode() {
        return exitCode;
    }
}
