package io.pathkeeper.pathctl.command;

import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.session.PathkeeperSession;
import io.pathkeeper.client.session.SessionKey;
import io.pathkeeper.client.session.SessionOptions;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.text.FileProblem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pathctl session close}. */
@Command(
        name = "close",
        header = "End a session at once, with its ephemeral znodes and locks.",
        description = {
            "For what a program left behind that kept its key (id, colon, secret in hexadecimal digits) in a file. The key is",
            "never an argument, because everybody on the machine can see those. A session whose key is not known ends by",
            "itself, one timeout after its program has stopped."
        })
final class SessionCloseCommand extends StoreCommand {
    private static final int MAX_KEY_BYTES = 200;

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            required = true,
            description = "Holds the key; - for standard input.")
    String file = "";

    SessionCloseCommand(CommandContext context) {
        super(context);
    }

    @Override
    protected ExitCode run() throws Exception {
        SessionKey key = SessionKey.parse(text());
        PathkeeperSession session =
                context.client().sessions().open(SessionOptions.defaults().resume(key));
        long revision = session.closeAsync().get();
        if (json()) {
            printJson(Value.map("id", session.id(), "revision", revision));
        } else {
            out().println("closed session " + session.id());
        }
        return ExitCode.OK;
    }

    private String text() throws InterruptedException {
        if (file.equals("-")) {
            if (context.interactive()) {
                throw CommandFailure.usage("in the shell, give a file");
            }
            return new String(ValueOptions.input(context), StandardCharsets.UTF_8).strip();
        }
        try (InputStream stream = Files.newInputStream(Path.of(file))) {
            return new String(stream.readNBytes(MAX_KEY_BYTES), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.UNAVAILABLE, "cannot read " + file + ": " + FileProblem.words(e), e);
        }
    }
}
