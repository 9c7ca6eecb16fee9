package io.pathkeeper.pathctl.quota;

import io.pathkeeper.client.cluster.Quota;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.command.StoreCommand;
import io.pathkeeper.pathctl.text.PathText;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pathctl quota set}. */
@Command(
        name = "set",
        header = "Make a quota, or replace it with all its limits.",
        description = {
            "The znode at PATH counts, too, and need not exist. A limit that is not given is none. Refused when the subtree has more",
            "already; nothing is changed then."
        })
final class SetQuota extends StoreCommand {
    @Parameters(paramLabel = "NAME", index = "0", description = "Name of the quota, for metrics and errors.")
    String name = "";

    @Parameters(paramLabel = "PATH", index = "1", description = "Top of the subtree.")
    String path = "";

    @Option(names = "--znodes", paramLabel = "N", description = "Most znodes of the subtree.")
    @Nullable
    Long znodes;

    @Option(names = "--bytes", paramLabel = "N", description = "Most bytes of all values of the subtree.")
    @Nullable
    Long bytes;

    @Option(names = "--children", paramLabel = "N", description = "Most children of PATH itself.")
    @Nullable
    Long children;

    SetQuota(CommandContext context) {
        super(context);
    }

    @Override
    protected ExitCode run() {
        if (znodes == null && bytes == null && children == null) {
            throw CommandFailure.usage("quota set needs a limit: --znodes, --bytes or --children");
        }
        Quota quota = new Quota(name, context.path(path), znodes, bytes, children);
        boolean created = context.client().quotas().set(quota).join();
        if (json()) {
            printJson(Value.map("name", name, "path", quota.path(), "created", created));
        } else {
            out().println(PathText.printable(
                    (created ? "made" : "changed") + " quota " + name + " of " + quota.path()));
        }
        return ExitCode.OK;
    }
}
