package io.pathkeeper.pathctl;

import io.pathkeeper.client.Credentials;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How it is proved who connects. Secrets come from files or the terminal only: what stands in a command line can be seen by everybody on the
 * machine.
 *
 * @param tokenFile file with a token; empty: none
 * @param user user who signs in; empty: none
 * @param passwordFile file with the password; empty: it is typed
 * @param typed the password as it was typed; empty: not yet
 * @param namespace namespace to work in; empty: the whole tree
 */
record Login(String tokenFile, String user, String passwordFile, String typed, String namespace) {
    /**
     * Options first, then the environment: a user among the options goes before a token of the environment, and the other way round.
     *
     * @throws CommandFailure when a password has no user, or there is a token, too
     */
    static Login of(GlobalOptions options, Map<String, String> environment) {
        boolean userGiven = options.user != null || options.passwordFile != null;
        boolean tokenGiven = options.tokenFile != null;
        Map<String, String> forUser = tokenGiven && !userGiven ? Map.of() : environment;
        Map<String, String> forToken = userGiven && !tokenGiven ? Map.of() : environment;
        String token = Target.either(options.tokenFile, forToken, "PATHCTL_TOKEN_FILE");
        String user = Target.either(options.user, forUser, "PATHCTL_USER");
        // another user than that of the environment has another password
        boolean same = options.user == null || options.user.equals(environment.get("PATHCTL_USER"));
        String password = Target.either(options.passwordFile, same ? forUser : Map.of(), "PATHCTL_PASSWORD_FILE");
        if (user.isEmpty() && !password.isEmpty()) {
            throw CommandFailure.usage("--password-file is given without --user");
        }
        if (!token.isEmpty() && !user.isEmpty()) {
            throw CommandFailure.usage(
                    userGiven
                            ? "--token-file and --user are two ways to say who you are: give one"
                            : "PATHCTL_TOKEN_FILE and PATHCTL_USER are two ways to say who you are: unset one, or give --token-file or --user");
        }
        return new Login(token, user, password, "", Target.either(options.namespace, environment, "PATHCTL_NAMESPACE"));
    }

    /** Whether somebody has to type the password. */
    boolean wantsPassword() {
        return !user.isEmpty() && passwordFile.isEmpty() && typed.isEmpty();
    }

    /** The same with a password that was typed. */
    Login withPassword(String password) {
        return new Login(tokenFile, user, passwordFile, password, namespace);
    }

    /** The password of the user. {@link IllegalArgumentException} when its file is bad. */
    String password() {
        return typed.isEmpty() ? SecretFile.firstLine(passwordFile) : typed;
    }

    /** What the client sends; null for nothing. {@link IllegalArgumentException} when a file is bad. */
    @Nullable
    Credentials credentials() {
        Credentials credentials = null;
        if (!tokenFile.isEmpty()) {
            credentials = Credentials.token(SecretFile.firstLine(tokenFile));
        } else if (!user.isEmpty()) {
            credentials = Credentials.password(user, password());
        }
        if (namespace.isEmpty()) {
            return credentials;
        }
        return (credentials == null ? Credentials.none() : credentials).inNamespace(namespace);
    }

    @Override
    public String toString() {
        return "Login[" + (tokenFile.isEmpty() ? "user " + user : "token") + "]";
    }
}
