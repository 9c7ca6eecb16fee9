package io.pathkeeper.pathctl.command;

import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.Commands;
import io.pathkeeper.pathctl.ExitCode;
import java.util.stream.Collectors;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pathctl completion}. */
@Command(
        name = "completion",
        header = "Print a completion script for bash or zsh.",
        description = {"Load it with: source <(pathctl completion bash)", "For zsh, run bashcompinit first."})
public final class CompletionCommand extends StoreCommand {
    private static final String FIRST_LINE = "# Completion of pathctl in bash; in zsh behind bashcompinit.\n";

    /** Shells that the script works in. */
    enum ShellKind {
        BASH,
        ZSH
    }

    @Parameters(
            paramLabel = "bash|zsh",
            arity = "0..1",
            description = "The shell. Default: bash. The script is the same.")
    ShellKind shell = ShellKind.BASH;

    /** Made by the table of commands. */
    public CompletionCommand(CommandContext context) {
        super(context);
    }

    @Override
    protected ExitCode run() {
        out().print(script(AutoComplete.bash("pathctl", Commands.all(context))));
        return ExitCode.OK;
    }

    /** Returns the generator's script with our first line in the place of its comments. */
    private static String script(String generated) {
        return FIRST_LINE
                + generated
                        .lines()
                        .filter(line -> !line.stripLeading().startsWith("#"))
                        .collect(Collectors.joining("\n"))
                        .replaceAll("\n{3,}", "\n\n")
                        .strip()
                + "\n";
    }
}
