package io.pathkeeper.pathctl;

import io.pathkeeper.pathctl.shell.Shell;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Entry point of {@code pathctl}. Exit codes: {@link ExitCode}. */
public final class PathctlMain {
    /** What goes wrong on a connection is told in one line by the command; kept, because loggers without a holder are forgotten. */
    private static final Logger TRANSPORT = Logger.getLogger("io.grpc");

    private PathctlMain() {}

    /** Runs one command, or the shell when {@code args} name none, and ends the process. */
    public static void main(String[] args) {
        CommandContext context = new CommandContext(Streams.ofProcess(), System.getenv());
        if (!List.of(args).contains("--verbose")) {
            TRANSPORT.setLevel(Level.OFF);
        }
        context.connectEarly(args);
        int code = run(context, args);
        context.streams().err().flush();
        // Not context.close(): connections need no farewell, and the exit takes them along.
        Runtime.getRuntime().exit(code);
    }

    /** Runs one command, or the shell when {@code args} name none, and returns the exit code. Does not close the context. */
    public static int run(CommandContext context, String... args) {
        CommandLine commandLine = Commands.forArguments(context, args);
        commandLine.setExecutionStrategy(parsed -> {
            boolean bare =
                    !parsed.hasSubcommand() && !parsed.isUsageHelpRequested() && !parsed.isVersionHelpRequested();
            return bare ? Shell.run(context) : new CommandLine.RunLast().execute(parsed);
        });
        return execute(context, commandLine, args);
    }

    /** Runs {@code args} on a command line, with its failures told as they are told everywhere. */
    public static int execute(CommandContext context, CommandLine commandLine, String... args) {
        Streams streams = context.streams();
        int code = commandLine
                .setOut(new java.io.PrintWriter(streams.out(), true))
                .setErr(new java.io.PrintWriter(streams.err(), true))
                .setParameterExceptionHandler((error, arguments) -> usage(context, error))
                .setExecutionExceptionHandler((error, line, parsed) -> failure(context, error))
                .execute(args);
        try {
            streams.out().flush();
            return code;
        } catch (OutputClosed e) {
            return failure(context, e);
        }
    }

    private static int usage(CommandContext context, ParameterException error) {
        StringBuilder line = new StringBuilder(UsageText.plain(String.valueOf(error.getMessage())));
        if (error instanceof UnmatchedArgumentException unmatched) {
            List<String> near = UsageText.near(unmatched.getUnmatched().get(0), unmatched.getSuggestions());
            line.append(near.isEmpty() ? "" : "; did you mean " + String.join(", ", near) + "?");
        }
        String command = error.getCommandLine().getCommandSpec().qualifiedName();
        context.streams().err().println("pathctl: " + line + " (see " + command + " --help)");
        trace(context, error);
        return ExitCode.USAGE.code();
    }

    private static int failure(CommandContext context, Throwable error) {
        if (error instanceof OutputClosed closed && closed.readerGone()) {
            return ExitCode.OK.code();
        }
        if (!(error instanceof OutputClosed)) {
            context.streams().out().flush();
        }
        context.streams().err().println("pathctl: " + FailureReport.line(error, context.servers()));
        trace(context, error);
        return FailureReport.exitCode(error).code();
    }

    private static void trace(CommandContext context, Throwable error) {
        if (context.options().verbose()) {
            error.printStackTrace(context.streams().err());
        }
    }
}
