package io.pathkeeper.pathctl.migrate;

import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.command.StoreCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code pathctl migrate} and its sub-commands. */
@Command(
        name = "migrate",
        header = "Copy a tree out of ZooKeeper or etcd into the store.",
        description =
                "The source goes on serving and is only read. A migration that broke is started again with the same command.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  pathctl migrate zookeeper zk1:2181,zk2:2181 /app --dry-run",
            "  pathctl migrate zookeeper zk1:2181,zk2:2181 /app --to /teams/app --values auto",
            "  pathctl migrate etcd etcd1:2379,etcd2:2379 /registry/app --to /teams/app"
        })
public final class MigrateCommand extends StoreCommand {
    private MigrateCommand(CommandContext context) {
        super(context);
    }

    /** Makes the command with its sub-commands, for the table of commands. */
    public static CommandLine make(CommandContext context) {
        return new CommandLine(new MigrateCommand(context))
                .addSubcommand("zookeeper", new ZooKeeperCommand(context))
                .addSubcommand("etcd", new EtcdCommand(context));
    }

    @Override
    protected ExitCode run() {
        throw CommandFailure.usage("migrate needs a source: zookeeper or etcd (see pathctl migrate --help)");
    }
}
