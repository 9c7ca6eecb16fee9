package io.pathkeeper.pathctl.quota;

import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.command.StoreCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code pathctl quota}: the table of its commands. */
@Command(
        name = "quota",
        header = "Limit what a subtree may have.",
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "A write that would go beyond a quota is refused with QUOTA_EXCEEDED, on every server alike; deletes never are. Several quotas may",
            "hold for one znode: those of its own path and of all above it. At most 256; all of these commands need ADMIN on /."
        })
public final class QuotaCommand extends StoreCommand {
    private QuotaCommand(CommandContext context) {
        super(context);
    }

    /** Makes the command with its sub-commands, for the table of commands. */
    public static CommandLine make(CommandContext context) {
        return new CommandLine(new QuotaCommand(context))
                .addSubcommand("set", new SetQuota(context))
                .addSubcommand("get", new GetQuota(context))
                .addSubcommand("list", new ListQuotas(context))
                .addSubcommand("rm", new RemoveQuota(context));
    }

    @Override
    protected ExitCode run() {
        throw CommandFailure.usage("quota needs a command: set, get, list or rm (see pathctl quota --help)");
    }
}
