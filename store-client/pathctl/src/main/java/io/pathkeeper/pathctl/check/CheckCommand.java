package io.pathkeeper.pathctl.check;

import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.command.StoreCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code pathctl check}: the table of its commands. */
@Command(
        name = "check",
        header = "Short measurements of a disk or a cluster, with a verdict.",
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Each prints what it measured beside the limit, and ends with 0 when all limits are kept, with 5 when one is not.",
            "Nothing is left behind."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  pathctl check disk /var/lib/pathkeeper", "  pathctl check perf --min-rate 2000 --max-p99 50ms"})
public final class CheckCommand extends StoreCommand {
    private CheckCommand(CommandContext context) {
        super(context);
    }

    /** Makes the command with its sub-commands, for the table of commands. */
    public static CommandLine make(CommandContext context) {
        return new CommandLine(new CheckCommand(context))
                .addSubcommand("disk", new DiskCommand(context))
                .addSubcommand("perf", new PerfCheckCommand(context));
    }

    @Override
    protected ExitCode run() {
        throw CommandFailure.usage("check needs a command: disk or perf (see pathctl check --help)");
    }
}
