package io.pathkeeper.pathctl.command;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.text.FileProblem;
import io.pathkeeper.pathctl.transfer.DirectoryImport;
import io.pathkeeper.pathctl.transfer.Progress;
import io.pathkeeper.pathctl.transfer.SubtreeDocument;
import io.pathkeeper.pathctl.transfer.TransferSummary;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pathctl import}. */
@Command(
        name = "import",
        header = "Bring a directory tree, or with --json a typed subtree, into the store.",
        description = {
            "A directory becomes a znode with the null value, a file one with its bytes, a symlink one with the map",
            "{\"$symlink\": target}; links are not followed, except SOURCE itself. A file that its owner may execute gets the",
            "content type \"application/octet-stream; executable\"; other permissions, owners and times are not carried.",
            "Export turns all this back: diff -r then finds nothing.",
            "Done again, import writes only what has changed. What cannot be carried (names that no path may have, values",
            "over the limit, sockets, pipes, devices, unreadable files) is named on standard error and counted; the exit",
            "code is then 7, or 0 with --skip-unsupported.",
            "With --json, SOURCE is a file as export --json writes it, or - for standard input."
        })
public final class ImportCommand extends StoreCommand {
    @Parameters(index = "0", paramLabel = "SOURCE", description = "A directory; with --json a file or -.")
    String source = "";

    @Parameters(index = "1", paramLabel = "PATH", description = "Where it goes; created with its parents if need be.")
    String path = "";

    @Option(
            names = {"-j", "--json"},
            description = "SOURCE is a typed subtree in JSON.")
    boolean typed;

    @Option(names = "--delete", description = "Delete znodes below PATH that have no file in SOURCE.")
    boolean delete;

    @Option(names = "--skip-unsupported", description = "Exit code 0 although something was left out.")
    boolean skipUnsupported;

    /** Made by the table of commands. */
    public ImportCommand(CommandContext context) {
        super(context);
    }

    @Override
    protected ExitCode run() throws Exception {
        if (typed && delete) {
            throw CommandFailure.usage("--delete goes with a directory, not with --json");
        }
        String root = context.path(path);
        TransferSummary summary = new TransferSummary();
        long startNanos = System.nanoTime();
        try {
            if (typed) {
                importJson(root, summary);
            } else {
                importDirectory(root, summary);
            }
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.UNAVAILABLE, source + ": " + FileProblem.words(e), e);
        }
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        SummaryView.print(context, "import", source, root, summary, seconds, 0);
        return summary.leftOutCount() == 0 || skipUnsupported ? ExitCode.OK : ExitCode.INCOMPLETE;
    }

    private void importDirectory(String root, TransferSummary summary) throws IOException, InterruptedException {
        Path directory = Path.of(source);
        if (!Files.isDirectory(directory)) {
            throw new CommandFailure(
                    ExitCode.UNAVAILABLE,
                    source
                            + (Files.exists(directory)
                                    ? " is no directory; use set --file for one file"
                                    : " does not exist"));
        }
        boolean bar = context.streams().errTerminal();
        Progress progress = new Progress(err(), bar, "import", bar ? DirectoryImport.count(directory) : 0);
        try {
            new DirectoryImport(client(), summary, progress, patience(), delete).run(directory, root);
        } finally {
            progress.clear();
        }
    }

    private void importJson(String root, TransferSummary summary) throws IOException, InterruptedException {
        boolean input = source.equals("-");
        if (input && context.interactive()) {
            throw CommandFailure.usage("in the shell, give a file");
        }
        Progress progress = new Progress(err(), context.streams().errTerminal(), "import", 0);
        try (BufferedReader reader = input
                ? new BufferedReader(new InputStreamReader(context.streams().in(), StandardCharsets.UTF_8))
                : Files.newBufferedReader(Path.of(source))) {
            SubtreeDocument.read(
                    client(), input ? "standard input" : source, reader, root, summary, progress, patience());
        } finally {
            progress.clear();
        }
    }

    private Duration patience() {
        return context.timeout(CommandContext.TRANSFER_TIMEOUT);
    }

    private PathkeeperClient client() {
        return context.client(CommandContext.TRANSFER_TIMEOUT);
    }
}
