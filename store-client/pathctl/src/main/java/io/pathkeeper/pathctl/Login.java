package io.pathkeeper.pathctl;

import io.pathkeeper.client.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How it is proved who connects. Secrets come from files only: what stands in a command line can be seen by everybody on the machine.
 *
 * @param tokenFile file with a token; empty: none
 * @param user user who signs in; empty: none
 * @param passwordFile file with the password
 * @param namespace namespace to work in; empty: the whole tree
 */
record Login(String tokenFile, String user, String passwordFile, String namespace) {
    /**
     * Options first, then the environment.
     *
     * @throws CommandFailure when a user has no password, a password no user, or there is a token, too
     */
    static Login of(GlobalOptions options, Map<String, String> environment) {
        String token = Target.either(options.tokenFile, environment, "PATHCTL_TOKEN_FILE");
        String user = Target.either(options.user, environment, "PATHCTL_USER");
        String password = Target.either(options.passwordFile, environment, "PATHCTL_PASSWORD_FILE");
        if (user.isEmpty() != password.isEmpty()) {
            throw CommandFailure.usage(
                    user.isEmpty()
                            ? "--password-file is given without --user"
                            : "--user is given without --password-file");
        }
        if (!token.isEmpty() && !user.isEmpty()) {
            throw CommandFailure.usage("--token-file and --user are two ways to say who you are: give one");
        }
        return new Login(token, user, password, Target.either(options.namespace, environment, "PATHCTL_NAMESPACE"));
    }

    /** What the client sends; null for nothing. {@link IllegalArgumentException} when a file is bad. */
    @Nullable
    Credentials credentials() {
        Credentials credentials = null;
        if (!tokenFile.isEmpty()) {
            credentials = Credentials.token(firstLine(tokenFile));
        } else if (!user.isEmpty()) {
            credentials = Credentials.password(user, firstLine(passwordFile));
        }
        if (namespace.isEmpty()) {
            return credentials;
        }
        return (credentials == null ? Credentials.none() : credentials).inNamespace(namespace);
    }

    private static String firstLine(String file) {
        try {
            return Files.readString(Path.of(file)).lines().findFirst().orElse("");
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException("the file '" + file + "' cannot be read", e);
        }
    }
}
