package io.pathkeeper.pathctl.backup;

import io.pathkeeper.client.Store;
import io.pathkeeper.client.model.BackupSummary;
import io.pathkeeper.client.model.Consistency;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.command.StoreCommand;
import io.pathkeeper.pathctl.text.FileProblem;
import io.pathkeeper.pathctl.text.Units;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pathctl backup save}. */
@Command(
        name = "save",
        header = "Write a backup of the whole store to a file.",
        description = {
            "The backup has every write that was answered before, as of one revision; writes go on meanwhile. Any server gives it: with",
            "--servers naming one follower, the leader has no work. The file has its name only when it is complete, on the disk and",
            "compared with the server's checksum; only its owner may read it. Whoever asks has to be an administrator of / and /_sys/auth."
        })
final class SaveCommand extends StoreCommand {
    @Parameters(index = "0", paramLabel = "FILE", description = "The file to write.")
    Path file = Path.of("");

    @Option(names = "--force", description = "Replace FILE if it is there.")
    boolean force;

    @Option(
            names = "--local",
            description = "Save what the answering server has now, which may be behind; works without a leader.")
    boolean local;

    SaveCommand(CommandContext context) {
        super(context);
    }

    @Override
    protected ExitCode run() {
        if (Files.exists(file) && !force) {
            throw exists();
        }
        long startNanos = System.nanoTime();
        BackupSummary saved;
        try {
            saved = save(context.client(CommandContext.TRANSFER_TIMEOUT).store());
        } catch (FileAlreadyExistsException e) {
            throw exists();
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.UNAVAILABLE, file + ": " + FileProblem.words(e), e);
        }
        print(saved, System.nanoTime() - startNanos);
        return ExitCode.OK;
    }

    private CommandFailure exists() {
        return new CommandFailure(
                ExitCode.EXISTS, file + " exists already: choose another name, or replace it with --force");
    }

    /** Writes a file beside the target that takes its place at the end, so that no cut backup ever has its name. */
    private BackupSummary save(Store store) throws IOException {
        Path target = file.toAbsolutePath();
        Path directory = target.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new NoSuchFileException(String.valueOf(directory));
        }
        Path partial = Files.createTempFile(directory, "." + target.getFileName() + ".", ".partial");
        partial.toFile().deleteOnExit(); // also when it is interrupted
        try {
            BackupSummary saved;
            try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE);
                    OutputStream out = Channels.newOutputStream(channel)) {
                saved = store.backup(local ? Consistency.LOCAL : Consistency.LINEARIZABLE, out);
                channel.force(true);
            }
            if (force) {
                Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
            } else {
                Files.move(partial, target);
            }
            try (FileChannel parent = FileChannel.open(directory, StandardOpenOption.READ)) {
                parent.force(true);
            }
            return saved;
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private void print(BackupSummary saved, long nanos) {
        Duration time = Duration.ofNanos(nanos);
        if (json()) {
            printJson(Value.map(
                    "file", file.toString(),
                    "cluster_id", saved.info().clusterId(),
                    "member_id", saved.info().memberId(),
                    "revision", saved.info().revision(),
                    "znodes", saved.info().znodeCount(),
                    "bytes", saved.end().fileBytes(),
                    "sha256", saved.end().sha256(),
                    "millis", time.toMillis()));
            return;
        }
        double rate = saved.end().fileBytes() / Math.max(1e-3, nanos / 1e9);
        out().println("saved " + file + ": cluster " + saved.info().clusterId() + " at revision "
                + saved.info().revision() + ", " + saved.info().znodeCount() + " znodes, "
                + Units.bytes(saved.end().fileBytes()) + " in "
                + String.format(Locale.ROOT, "%.1f s", nanos / 1e9) + " (" + Units.bytes((long) rate) + "/s)");
        out().println("sha256 " + saved.end().sha256());
    }
}
