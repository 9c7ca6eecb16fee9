package io.pathkeeper.pathctl.shell;

import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.text.PathText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines and runs each as a command. On a terminal with editing, history and completion; otherwise, as in
 * {@code pathctl < script}, line by line without a prompt, and the exit code is that of the first line that failed.
 */
public final class Shell {
    private Shell() {}

    /** Runs until the end of the input or {@code exit}, and returns the exit code of the process. */
    public static int run(CommandContext context) {
        context.startInteractive();
        ShellLine line = new ShellLine(context);
        try {
            return context.streams().inTerminal() ? interactive(context, line) : script(context, line);
        } catch (IOException e) {
            context.streams().err().println("pathctl: cannot use the terminal: " + e.getMessage());
            return ExitCode.UNAVAILABLE.code();
        }
    }

    private static int script(CommandContext context, ShellLine line) throws IOException {
        int first = ExitCode.OK.code();
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(context.streams().in(), StandardCharsets.UTF_8));
        for (String text = reader.readLine(); text != null && !line.ended(); text = reader.readLine()) {
            int code = line.run(text);
            first = first == ExitCode.OK.code() ? code : first;
        }
        return first;
    }

    private static int interactive(CommandContext context, ShellLine line) throws IOException {
        Thread main = Thread.currentThread();
        try (Terminal terminal =
                TerminalBuilder.builder().name("pathctl").system(true).build()) {
            DefaultParser parser = new DefaultParser();
            parser.setEofOnUnclosedQuote(true); // the line goes on below
            LineReader reader = LineReaderBuilder.builder()
                    .parser(parser)
                    .terminal(terminal)
                    .appName("pathctl")
                    .completer(new ShellCompleter(context))
                    .option(LineReader.Option.HISTORY_IGNORE_SPACE, true)
                    .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                    .build();
            Path history = historyFile(context);
            if (history != null) {
                reader.setVariable(LineReader.HISTORY_FILE, history);
            }
            context.streams()
                    .out()
                    .println("pathctl, servers " + context.servers() + "; help lists the commands, Ctrl-D ends");
            context.streams().out().flush();
            while (!line.ended()) {
                String text;
                try {
                    text = reader.readLine("pathctl:" + PathText.printable(context.workingPath()) + "> ");
                } catch (UserInterruptException e) {
                    continue; // Ctrl-C clears the line
                } catch (EndOfFileException e) {
                    break;
                }
                terminal.handle(Terminal.Signal.INT, signal -> main.interrupt());
                line.run(text);
                if (Thread.interrupted()) {
                    context.streams().err().println();
                }
            }
            return ExitCode.OK.code();
        }
    }

    /** Returns the file that keeps the history, or null when there is no place for it. */
    private static @Nullable Path historyFile(CommandContext context) {
        String state = context.environment("XDG_STATE_HOME");
        String home = context.environment("HOME");
        if (state == null && home == null) {
            return null;
        }
        Path directory = (state != null ? Path.of(state) : Path.of(String.valueOf(home), ".local", "state"))
                .resolve("pathkeeper");
        try {
            Files.createDirectories(directory);
            return directory.resolve("pathctl_history");
        } catch (IOException e) {
            return null; // a shell without a history is better than none
        }
    }
}
