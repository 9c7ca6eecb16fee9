package io.pathkeeper.pathctl.shell;

import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.model.ReadOptions;
import io.pathkeeper.client.model.View;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.Commands;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.FailureReport;
import io.pathkeeper.pathctl.GlobalOptions;
import io.pathkeeper.pathctl.PathctlMain;
import java.util.List;

/** Runs one line of the shell: the commands of {@code pathctl}, and {@code cd}, {@code pwd}, {@code exit}. */
final class ShellLine {
    /** Commands that only the shell has. */
    static final List<String> OWN = List.of("cd", "pwd", "exit", "quit");

    private final CommandContext context;
    private final GlobalOptions defaults;
    private boolean ended;

    ShellLine(CommandContext context) {
        this.context = context;
        this.defaults = context.options();
    }

    /** Returns whether {@code exit} was said. */
    boolean ended() {
        return ended;
    }

    /** Runs a line and returns the exit code of its command; empty lines and those that begin with # do nothing. */
    int run(String line) {
        if (line.isBlank() || line.stripLeading().startsWith("#")) {
            return ExitCode.OK.code();
        }
        context.nextOptions(defaults);
        try {
            String[] words = Words.of(line).toArray(String[]::new);
            return OWN.contains(words[0])
                    ? own(words).code()
                    : PathctlMain.execute(context, Commands.forArguments(context, words), words);
        } catch (CommandFailure | PathkeeperException e) {
            context.streams().err().println("pathctl: " + FailureReport.line(e, context.servers()));
            return FailureReport.exitCode(e).code();
        } finally {
            context.streams().out().flush();
        }
    }

    private ExitCode own(String[] words) {
        switch (words[0]) {
            case "pwd" -> context.streams().out().println(context.workingPath());
            case "cd" -> changePath(words);
            default -> ended = true;
        }
        return ExitCode.OK;
    }

    private void changePath(String[] words) {
        if (words.length > 2) {
            throw CommandFailure.usage("cd takes one path; quote it when there is a space in it");
        }
        String path = words.length == 1 ? "/" : context.path(words[1]);
        context.client().store().get(path, ReadOptions.defaults().view(View.STAT));
        context.workingPath(path);
    }
}
