package io.pathkeeper.pathctl.command;

import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Text from standard input, or from a file of any other name than {@code -}. */
public final class StandardInput {
    private StandardInput() {}

    /** Returns the whole text; {@link CommandFailure} when there is none to be had. */
    public static String text(CommandContext context, String file) throws InterruptedException {
        if (!file.equals("-")) {
            return new String(ValueOptions.contents(Path.of(file)), StandardCharsets.UTF_8);
        }
        if (context.interactive()) {
            throw CommandFailure.usage("in the shell, give a file");
        }
        return new String(ValueOptions.input(context), StandardCharsets.UTF_8);
    }

    /** Returns the first line of standard input, which is not empty. */
    public static String firstLine(CommandContext context) throws InterruptedException {
        String line = text(context, "-").lines().findFirst().orElse("");
        if (line.isEmpty()) {
            throw CommandFailure.usage("standard input is empty: the secret is its first line");
        }
        return line;
    }
}
