package io.pathkeeper.pathctl.command;

import io.pathkeeper.client.model.Guards;
import io.pathkeeper.pathctl.CommandContext;
import io.pathkeeper.pathctl.CommandFailure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that refuses a change, with exit code 5, when a grant of a lock, or a term of a leader, is over. */
final class LockGuardOptions {
    @Option(
            names = "--require-lock",
            paramLabel = "PATH:TOKEN",
            description =
                    "Only if this grant of the lock, or this term of the election, still holds; exit code 5 otherwise.")
    @Nullable
    String lock;

    /** Returns whether it was given. */
    boolean given() {
        return lock != null;
    }

    /** Returns what must hold. */
    Guards guards(CommandContext context) {
        String text = lock;
        if (text == null) {
            return Guards.none();
        }
        int colon = text.lastIndexOf(':');
        String token = text.substring(colon + 1);
        if (colon < 1 || !token.matches("[1-9][0-9]{0,17}")) {
            throw CommandFailure.usage("--require-lock is '" + text
                    + "'; write the path of the lock, a colon and the token of the grant, such as /locks/import:17");
        }
        return Guards.none().requireLock(context.path(text.substring(0, colon)), Long.parseLong(token));
    }
}
