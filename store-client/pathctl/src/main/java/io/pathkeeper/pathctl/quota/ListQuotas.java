package io.pathkeeper.pathctl.quota;

import io.pathkeeper.client.cluster.QuotaUsage;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.command.StoreCommand;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code pathctl quota list}. */
@Command(
        name = "list",
        header = "List the quotas and what is used of them.",
        description =
                "A column has what is used and the limit; without a limit only what is used. As JSON one object a line.")
final class ListQuotas extends StoreCommand {
    ListQuotas(CommandContext context) {
        super(context);
    }

    @Override
    protected ExitCode run() {
        List<QuotaUsage> quotas = context.client().quotas().list().join();
        if (json()) {
            quotas.forEach(usage -> printJson(QuotaView.document(usage)));
        } else if (quotas.isEmpty()) {
            out().println("no quota is set");
        } else {
            QuotaView.table(quotas).print(out());
        }
        return ExitCode.OK;
    }
}
