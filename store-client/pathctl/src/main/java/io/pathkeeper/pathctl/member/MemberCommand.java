package io.pathkeeper.pathctl.member;

import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.command.StoreCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code pathctl member}: the table of its commands. */
@Command(
        name = "member",
        header = "Say who belongs to the cluster, and who leads it.",
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "A new server is started with --join and an empty data directory, and then added: it gets everything first, and votes",
            "when it has it. Changes are made one at a time, by whichever server is asked, while the cluster serves. What would leave",
            "the voters that answer now without a majority is refused, and so are servers of another cluster, servers that have data of",
            "their own, ids and addresses that are taken, and host names that do not resolve. Nothing has changed then.",
            "",
            "Addresses are HOST:PORT; host names are looked up anew for every connection. The log keeps the members: the list in the",
            "configuration of a server counts at the first start of a cluster only."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  pathctl member list",
            "  pathctl member add s4 --raft host4:7421 --client host4:7420",
            "  pathctl member add s5 --raft host5:7421 --client host5:7420 --listener",
            "  pathctl member promote s5",
            "  pathctl member replace s2 --with s6 --raft host6:7421 --client host6:7420",
            "  pathctl member transfer s3"
        })
public final class MemberCommand extends StoreCommand {
    private MemberCommand(CommandContext context) {
        super(context);
    }

    /** Makes the command with its sub-commands, for the table of commands. */
    public static CommandLine make(CommandContext context) {
        return new CommandLine(new MemberCommand(context))
                .addSubcommand("list", new ListMembers(context))
                .addSubcommand("add", new ChangeCommands.Add(context))
                .addSubcommand("remove", new ChangeCommands.Remove(context))
                .addSubcommand("replace", new ChangeCommands.Replace(context))
                .addSubcommand("promote", new RoleCommands.Promote(context))
                .addSubcommand("demote", new RoleCommands.Demote(context))
                .addSubcommand("transfer", new RoleCommands.Transfer(context))
                .addSubcommand("priority", new RoleCommands.Priority(context));
    }

    @Override
    protected ExitCode run() {
        throw CommandFailure.usage(
                "member needs a command, such as list, add, remove or transfer (see pathctl member --help)");
    }
}
