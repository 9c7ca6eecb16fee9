package io.pathkeeper.pathctl.command;

import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.session.SessionPathsPage;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.text.PathText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pathctl session nodes}. */
@Command(
        name = "nodes",
        header = "List the ephemeral znodes of a session, one path a line.",
        description = "With --output json, one object a line.")
final class SessionNodesCommand extends StoreCommand {
    private static final int PAGE = 1_000;

    @Parameters(paramLabel = "ID", description = "Id of the session.")
    long id;

    SessionNodesCommand(CommandContext context) {
        super(context);
    }

    @Override
    protected ExitCode run() {
        String token = "";
        do {
            SessionPathsPage page =
                    context.client().sessions().paths(id, PAGE, token).join();
            for (String path : page.paths()) {
                if (json()) {
                    printJson(Value.map("path", path));
                } else {
                    out().println(PathText.printable(path));
                }
            }
            token = page.nextPageToken();
        } while (!token.isEmpty());
        return ExitCode.OK;
    }
}
