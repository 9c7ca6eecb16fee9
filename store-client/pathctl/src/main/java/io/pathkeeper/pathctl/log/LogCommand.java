package io.pathkeeper.pathctl.log;

import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.command.StoreCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code pathctl log}: the table of its commands. */
@Command(
        name = "log",
        header = "Say how much the servers log.",
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "A level is set for a while, on all servers or on one, and goes back by itself to what it was; so it does when a server",
            "ends. Levels are ERROR, WARN, INFO, DEBUG and TRACE. Exit code 1 when a server was not reached (it is named)."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  pathctl log set io.pathkeeper.server.raft debug",
            "  pathctl log set org.apache.ratis info --for 2m --member s2",
            "  pathctl log list",
            "  pathctl log reset io.pathkeeper.server.raft"
        })
public final class LogCommand extends StoreCommand {
    private LogCommand(CommandContext context) {
        super(context);
    }

    /** Makes the command with its sub-commands, for the table of commands. */
    public static CommandLine make(CommandContext context) {
        return new CommandLine(new LogCommand(context))
                .addSubcommand("list", new LevelCommands.ListLevels(context))
                .addSubcommand("set", new LevelCommands.SetLevel(context))
                .addSubcommand("reset", new LevelCommands.Reset(context));
    }

    @Override
    protected ExitCode run() {
        throw CommandFailure.usage("log needs a command: list, set or reset (see pathctl log --help)");
    }
}
