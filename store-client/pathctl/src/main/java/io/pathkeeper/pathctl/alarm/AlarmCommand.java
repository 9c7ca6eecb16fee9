package io.pathkeeper.pathctl.alarm;

import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.command.StoreCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code pathctl alarm}: the table of its commands. */
@Command(
        name = "alarm",
        header = "Tell what an operator has to look at.",
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "An alarm stands on one server, says what is wrong and what to do, and goes by itself when it is well again: there is",
            "nothing to disarm."
        })
public final class AlarmCommand extends StoreCommand {
    private AlarmCommand(CommandContext context) {
        super(context);
    }

    /** Makes the command with its sub-commands, for the table of commands. */
    public static CommandLine make(CommandContext context) {
        return new CommandLine(new AlarmCommand(context)).addSubcommand("list", new ListAlarms(context));
    }

    @Override
    protected ExitCode run() {
        throw CommandFailure.usage("alarm needs a command: list (see pathctl alarm --help)");
    }
}
