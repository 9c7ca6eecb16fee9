package io.pathkeeper.pathctl.auth;

import io.pathkeeper.pathctl.CommandFailure;
import io.pathkeeper.pathctl.ExitCode;
import io.pathkeeper.pathctl.SecretFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a secret goes that the servers make: to standard output, or to a new file. */
final class NewSecret {
    @Option(
            names = "--to-file",
            paramLabel = "FILE",
            description =
                    "Write the token to this file, which must not exist yet, with mode 0600. Default: to standard output.")
    @Nullable
    String file;

    /** Whether it goes to a file. */
    boolean toFile() {
        return file != null;
    }

    /** Gets something with a secret, and puts that into the file if there is one; there is no file when nothing was got. */
    <T> T get(Supplier<T> call, Function<T, String> secretOf) {
        String name = file;
        if (name == null) {
            return call.get();
        }
        Path path = SecretFile.create(name);
        T got;
        try {
            got = call.get();
        } catch (RuntimeException e) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
        try {
            SecretFile.write(path, secretOf.apply(got));
        } catch (UncheckedIOException e) {
            throw new CommandFailure(
                    ExitCode.UNAVAILABLE,
                    "the token was made, but '" + name + "' cannot be written: " + e.getMessage()
                            + "; take it back (pathctl auth tokens list, revoke) and make another",
                    e);
        }
        return got;
    }
}
