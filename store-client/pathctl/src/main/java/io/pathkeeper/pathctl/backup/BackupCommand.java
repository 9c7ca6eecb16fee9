package io.pathkeeper.pathctl.backup;

import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.command.StoreCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code pathctl backup}: the table of its commands. */
@Command(
        name = "backup",
        header = "Take a backup of the whole store.",
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "A backup is one file with everything that the store holds at one revision: the tree, sessions and locks, users and",
            "roles with the hashes of their passwords and the key that signs tokens. Keep it as secret as the servers' disks.",
            "",
            "What looks inside a backup or restores it works without a server and is part of the server's program:",
            "  pathkeeper-server backup verify FILE          read all of it, as restoring does",
            "  pathkeeper-server backup inspect FILE [FILE]  list what is in it, or how two differ",
            "  pathkeeper-server restore --from FILE ...     make the data directory of a new cluster's server"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  pathctl backup save /backups/pathkeeper-$(date -u +%%Y%%m%%dT%%H%%M%%SZ).backup",
            "  pathctl backup verify /backups/pathkeeper-20260101T000000Z.backup"
        })
public final class BackupCommand extends StoreCommand {
    private BackupCommand(CommandContext context) {
        super(context);
    }

    /** Makes the command with its sub-commands, for the table of commands. */
    public static CommandLine make(CommandContext context) {
        return new CommandLine(new BackupCommand(context))
                .addSubcommand("save", new SaveCommand(context))
                .addSubcommand("verify", new VerifyCommand(context));
    }

    @Override
    protected ExitCode run() {
        throw CommandFailure.usage("backup needs a command: save or verify (see pathctl backup --help)");
    }
}
