package io.pathkeeper.pathctl.command;

import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.model.DeleteOptions;
import io.pathkeeper.client.model.DeleteResult;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.transfer.SubtreeDeletion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pathctl delete}. */
@Command(
        name = "delete",
        header = "Delete a znode, or with -r everything below it, too.",
        description =
                "Prints how many znodes were deleted. -r is atomic: all at one revision, up to the store's limit.")
public final class DeleteCommand extends StoreCommand {
    @Parameters(paramLabel = "PATH", description = "Absolute path.")
    String path = "";

    @Option(
            names = {"-r", "--recursive"},
            description = "Delete everything below, too, at one revision.")
    boolean recursive;

    @Option(
            names = "--in-parts",
            description = "With -r: delete a subtree beyond the limit in several steps, from below; not atomic.")
    boolean inParts;

    @Mixin
    GuardOptions guard = new GuardOptions();

    @Mixin
    LockGuardOptions lockGuard = new LockGuardOptions();

    /** Made by the table of commands. */
    public DeleteCommand(CommandContext context) {
        super(context);
    }

    @Override
    protected ExitCode run() throws PathkeeperException {
        boolean guarded = guard.version != null || guard.revision != null || lockGuard.given();
        if (inParts && (!recursive || guarded)) {
            throw CommandFailure.usage(
                    "--in-parts needs -r and excludes --if-version, --if-revision and --require-lock");
        }
        String target = context.path(path);
        long count;
        long revision;
        if (inParts) {
            SubtreeDeletion deletion = new SubtreeDeletion(context.client());
            count = deletion.delete(target);
            revision = deletion.revision();
        } else {
            DeleteOptions options = DeleteOptions.defaults().recursive(recursive);
            options = options.guards(lockGuard.guards(context));
            options = guard.version == null ? options : options.expectedVersion(guard.version);
            options = guard.revision == null ? options : options.expectedRevision(guard.revision);
            DeleteResult result = store().delete(target, options);
            count = result.deletedCount();
            revision = result.revision();
        }
        if (json()) {
            printJson(Value.map("path", target, "deleted_count", count, "revision", revision));
        } else {
            out().println("deleted " + target + (count == 1 ? "" : " and " + (count - 1) + " more"));
        }
        return ExitCode.OK;
    }
}
