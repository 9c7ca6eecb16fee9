package io.pathkeeper.pathctl.migrate;

import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pathctl migrate zookeeper}. */
@Command(
        name = "zookeeper",
        header = "Copy a tree of a running ZooKeeper into the store, and compare both.",
        description = {
            "Carried: znodes with their bytes (no data at all is the null value) and the counters of sequential children: the next one gets the",
            "number that ZooKeeper would have given. Containers and TTL znodes become persistent: ZooKeeper does not tell clients of them.",
            "Left out and named: ephemeral znodes, names and paths that the store does not take, values over its limit, what may not be",
            "read. ACLs, versions, times and zxids are not carried; znodes with an ACL of their own are counted. /zookeeper",
            "itself is passed over.",
            "Afterwards both sides are read again and every value is compared. What changed at the source meanwhile is named and copied again;",
            "what is at the target only is named and stays. Stop the writers and run it again for the last time: equal znodes are left alone.",
            "Exit codes: 4 when znodes with other values were refused (see --overwrite), 7 when something was left out or differs."
        })
final class ZooKeeperCommand extends MigrateBase {
    @Parameters(index = "0", paramLabel = "HOST:PORT[,...]", description = "The servers of ZooKeeper.")
    String servers = "";

    @Parameters(index = "1", paramLabel = "PATH", description = "What to copy, itself included.")
    String path = "";

    ZooKeeperCommand(CommandContext context) {
        super(context);
    }

    @Override
    Source open(String target, Duration patience) throws InterruptedException {
        if (servers.isBlank() || servers.contains("/")) {
            throw CommandFailure.usage("'" + servers + "' must be HOST:PORT[,HOST:PORT...]");
        }
        return new ZooKeeperSource(servers, standardTarget(), target, patience, credential());
    }

    @Override
    String standardTarget() {
        return context.path(path);
    }
}
