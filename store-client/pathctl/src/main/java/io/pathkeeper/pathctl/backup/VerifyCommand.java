package io.pathkeeper.pathctl.backup;

import io.pathkeeper.client.model.Value;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.command.StoreCommand;
import io.pathkeeper.pathctl.text.FileProblem;
import io.pathkeeper.pathctl.text.Units;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pathctl backup verify}. */
@Command(
        name = "verify",
        header = "Compare the checksum of a backup with its bytes; needs no server.",
        description = {
            "Finds a backup that was cut off, one that was changed, and a file that is something else. To read all of it, as restoring",
            "does: pathkeeper-server backup verify FILE. Exit code 6 when the file cannot be used."
        })
final class VerifyCommand extends StoreCommand {
    @Parameters(index = "0", paramLabel = "FILE", description = "The backup.")
    Path file = Path.of("");

    VerifyCommand(CommandContext context) {
        super(context);
    }

    @Override
    protected ExitCode run() {
        SavedFile saved;
        try {
            saved = SavedFile.check(file);
        } catch (SavedFile.UnusableException e) {
            throw new CommandFailure(ExitCode.REFUSED, file + " cannot be used: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.UNAVAILABLE, file + ": " + FileProblem.words(e), e);
        }
        if (json()) {
            printJson(Value.map("file", file.toString(), "bytes", saved.bytes(), "sha256", saved.sha256()));
        } else {
            out().println(file + " is complete and as it was written: " + Units.bytes(saved.bytes()));
            out().println("sha256 " + saved.sha256());
        }
        return ExitCode.OK;
    }
}
