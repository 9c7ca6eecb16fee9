package io.pathkeeper.pathctl.member;

import io.pathkeeper.client.cluster.Members;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.command.StoreCommand;
import io.pathkeeper.pathctl.text.PathText;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;

/** What the commands of {@code pathctl member} share. */
@Command(sortOptions = false, usageHelpWidth = 120)
abstract class MemberBase extends StoreCommand {
    MemberBase(CommandContext context) {
        super(context);
    }

    final Members members() {
        return context.client().members();
    }

    /** Waits for a change and says that it is done. */
    final ExitCode done(CompletableFuture<Void> change, String line, String memberId) {
        change.join();
        if (json()) {
            printJson(Value.map("member_id", memberId));
        } else {
            out().println(PathText.printable(line));
        }
        return ExitCode.OK;
    }
}
