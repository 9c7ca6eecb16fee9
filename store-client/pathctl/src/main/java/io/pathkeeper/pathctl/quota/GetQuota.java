package io.pathkeeper.pathctl.quota;

import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.command.StoreCommand;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pathctl quota get}. */
@Command(name = "get", header = "Show a quota and what is used of it.")
final class GetQuota extends StoreCommand {
    @Parameters(paramLabel = "NAME", description = "Name of the quota.")
    String name = "";

    GetQuota(CommandContext context) {
        super(context);
    }

    @Override
    protected ExitCode run() {
        var usage = context.client().quotas().get(name).join();
        if (json()) {
            printJson(QuotaView.document(usage));
        } else {
            QuotaView.table(List.of(usage)).print(out());
        }
        return ExitCode.OK;
    }
}
