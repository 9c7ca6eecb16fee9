package io.pathkeeper.pathctl.command;

import io.pathkeeper.client.Store;
import io.pathkeeper.client.model.ReadOptions;
import io.pathkeeper.client.model.ScanOptions;
import io.pathkeeper.client.model.View;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.OutputClosed;
import io.pathkeeper.pathctl.Streams;
import io.pathkeeper.pathctl.text.FileProblem;
import io.pathkeeper.pathctl.transfer.DirectoryExport;
import io.pathkeeper.pathctl.transfer.Progress;
import io.pathkeeper.pathctl.transfer.SubtreeDocument;
import io.pathkeeper.pathctl.transfer.TransferSummary;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pathctl export}. */
@Command(
        name = "export",
        header = "Write a subtree as a directory tree, or with --json as a typed document.",
        description = {
            "All of it is as it was at one revision. TARGET must be a new or empty directory. A znode with the null value or",
            "with children becomes a directory, bytes become a file, {\"$symlink\": target} a symlink, a string a file with its",
            "UTF-8, any other value a file with its JSON. A value beside children has no place in a directory: it is named on",
            "standard error and counted; the exit code is then 7, or 0 with --skip-unsupported.",
            "With --json, TARGET is a file, or standard output when it is - or missing: one JSON object a line, parents first,",
            "  {\"pathkeeper_subtree\":1,\"root\":\"/config\",\"revision\":17}",
            "  {\"path\":\"\",\"kind\":\"persistent\",\"value\":{\"host\":\"localhost\",\"port\":8080}}",
            "  {\"path\":\"logo\",\"kind\":\"persistent\",\"content_type\":\"image/png\",\"value\":{\"$bytes\":\"iVBORw0KGgo=\"}}",
            "  {\"end\":true,\"znodes\":2}",
            "which carries every type exactly. Integers are 64-bit, doubles have a point or an exponent, and a map whose only",
            "key is $bytes or $map is written inside {\"$map\": ...}."
        })
public final class ExportCommand extends StoreCommand {
    @Parameters(index = "0", paramLabel = "PATH", description = "Root of the subtree.")
    String path = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "TARGET",
            description = "A directory; with --json a file or -.")
    String target = "-";

    @Option(
            names = {"-j", "--json"},
            description = "Write a typed subtree in JSON.")
    boolean typed;

    @Option(names = "--skip-unsupported", description = "Exit code 0 although something was left out.")
    boolean skipUnsupported;

    @Mixin
    ReadOptionsMixin reading = new ReadOptionsMixin();

    /** Made by the table of commands. */
    public ExportCommand(CommandContext context) {
        super(context);
    }

    @Override
    protected ExitCode run() throws Exception {
        if (!typed && target.equals("-")) {
            throw CommandFailure.usage("give a directory, or --json");
        }
        String root = context.path(path);
        Store store = context.client(CommandContext.TRANSFER_TIMEOUT).store();
        ScanOptions options =
                ScanOptions.defaults().consistency(reading.consistency()).view(View.FULL);
        long count = store.get(
                                root,
                                ReadOptions.defaults()
                                        .consistency(reading.consistency())
                                        .view(View.STAT))
                        .stat()
                        .descendantCount()
                + 1;
        Progress progress = new Progress(err(), context.streams().errTerminal(), "export", count);
        long startNanos = System.nanoTime();
        try {
            TransferSummary summary = new TransferSummary();
            long revision;
            if (typed) {
                revision = exportJson(store, options, root, summary, progress);
            } else {
                DirectoryExport export = new DirectoryExport(store, options, progress);
                summary = export.run(root, Path.of(target));
                revision = export.revision();
            }
            progress.clear();
            double seconds = (System.nanoTime() - startNanos) / 1e9;
            if (!typed || !target.equals("-")) {
                SummaryView.print(context, "export", root, target, summary, seconds, revision);
            }
            return summary.leftOutCount() == 0 || skipUnsupported ? ExitCode.OK : ExitCode.INCOMPLETE;
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.UNAVAILABLE, target + ": " + FileProblem.words(e), e);
        } finally {
            progress.clear();
        }
    }

    /** Writes to a file beside the target that takes its place at the end, so that no cut document ever has its name. */
    private long exportJson(Store store, ScanOptions options, String root, TransferSummary summary, Progress progress)
            throws IOException {
        if (target.equals("-")) {
            return SubtreeDocument.write(store, options, root, out(), summary, progress);
        }
        Path file = Path.of(target);
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try {
            long revision;
            try (OutputStream stream = Files.newOutputStream(partial);
                    PrintStream printer = Streams.printer(OutputClosed.telling(stream), false)) {
                revision = SubtreeDocument.write(store, options, root, printer, summary, progress);
            }
            Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
            return revision;
        } finally {
            Files.deleteIfExists(partial);
        }
    }
}
