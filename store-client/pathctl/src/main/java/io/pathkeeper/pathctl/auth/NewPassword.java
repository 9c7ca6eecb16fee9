package io.pathkeeper.pathctl.auth;

import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.SecretFile;
import io.pathkeeper.pathctl.command.StandardInput;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a new password comes from: a file, standard input, or the terminal, where it is typed twice. */
final class NewPassword {
    @Option(
            names = "--new-password-file",
            paramLabel = "FILE",
            description =
                    "The new password is the first line of this file; - for standard input. Default: it is asked for at the terminal.")
    @Nullable
    String file;

    /** Returns the new password, 1 or more characters. */
    String read(CommandContext context, String user) throws InterruptedException {
        String from = file;
        if (from == null) {
            return context.prompt()
                    .newPassword(
                            "New password of " + user + ": ",
                            "name a file, or - for standard input, with --new-password-file");
        }
        return from.equals("-") ? StandardInput.firstLine(context) : SecretFile.firstLine(from);
    }
}
