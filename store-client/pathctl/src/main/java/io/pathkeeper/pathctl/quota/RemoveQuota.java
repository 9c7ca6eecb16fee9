package io.pathkeeper.pathctl.quota;

import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.command.StoreCommand;
import io.pathkeeper.pathctl.text.PathText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pathctl quota rm}. */
@Command(name = "rm", header = "Remove a quota; the znodes stay.")
final class RemoveQuota extends StoreCommand {
    @Parameters(paramLabel = "NAME", description = "Name of the quota.")
    String name = "";

    RemoveQuota(CommandContext context) {
        super(context);
    }

    @Override
    protected ExitCode run() {
        context.client().quotas().delete(name).join();
        if (json()) {
            printJson(Value.map("name", name));
        } else {
            out().println(PathText.printable("removed quota " + name));
        }
        return ExitCode.OK;
    }
}
