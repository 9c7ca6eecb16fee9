package io.pathkeeper.pathctl.migrate;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.command.StoreCommand;
import io.pathkeeper.pathctl.text.FileProblem;
import io.pathkeeper.pathctl.transfer.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that all sources have, and the run. */
abstract class MigrateBase extends StoreCommand {
    @Option(names = "--to", paramLabel = "PATH", description = "Where it goes; by default where it is at the source.")
    @Nullable
    String to;

    @Option(
            names = "--values",
            paramLabel = "AS",
            description = {
                "What the bytes become: ${COMPLETION-CANDIDATES}. bytes (default): bytes; text: a string where they are UTF-8;",
                "json: typed where they are JSON; auto: objects and arrays typed, other UTF-8 a string. The rest stays bytes."
            })
    Values values = Values.BYTES;

    @Option(
            names = "--overwrite",
            description = "Replace values at the target that differ; without it they are refused.")
    boolean overwrite;

    @Option(names = "--dry-run", description = "Read everything and say what would be done; write nothing.")
    boolean dryRun;

    @Option(names = "--skip-unsupported", description = "Exit code 0 although something was left out.")
    boolean skipUnsupported;

    @Option(
            names = "--source-auth-file",
            paramLabel = "FILE",
            description = "Sign in at the source with the first line of FILE, scheme:credential.")
    @Nullable
    Path authFile;

    MigrateBase(CommandContext context) {
        super(context);
    }

    /** Connects to the source. */
    abstract Source open(String target, Duration patience) throws InterruptedException;

    /** Where it goes when {@code --to} does not say. */
    abstract String standardTarget();

    @Override
    protected final ExitCode run() throws InterruptedException {
        String target = context.path(to == null ? standardTarget() : to);
        Duration patience = context.timeout(CommandContext.TRANSFER_TIMEOUT);
        long startNanos = System.nanoTime();
        MigrationResult result = new MigrationResult();
        Progress progress = new Progress(err(), context.streams().errTerminal(), "migrate", 0);
        try (Source source = open(target, patience)) {
            PathkeeperClient client = context.client(CommandContext.TRANSFER_TIMEOUT);
            try {
                new Migration(client, source, values, overwrite, dryRun, result, progress, patience).run(target);
            } finally {
                progress.clear();
            }
            double seconds = (System.nanoTime() - startNanos) / 1e9;
            if (json()) {
                printJson(result.document(dryRun, seconds));
            } else {
                result.lines(err(), source.title(), target, dryRun, seconds);
            }
        }
        return result.exitCode(skipUnsupported);
    }

    /** Returns the first line of the credential's file, which must have a colon in it; null without the option. */
    final @Nullable String credential() {
        Path file = authFile;
        if (file == null) {
            return null;
        }
        try {
            String line = Files.readString(file).lines().findFirst().orElse("");
            if (line.indexOf(':') <= 0) {
                throw CommandFailure.usage(file + ": its first line must be NAME:SECRET");
            }
            return line;
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.UNAVAILABLE, "cannot read " + file + ": " + FileProblem.words(e), e);
        }
    }
}
