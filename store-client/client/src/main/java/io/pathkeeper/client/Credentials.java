package io.pathkeeper.client;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a client proves who it is, and which namespace it works in. Made by {@link #token(String)}, {@link #token(Supplier)}, {@link
 * #password(String, String)} or {@link #none()}. Immutable; never shows its secret.
 */
public final class Credentials {
    private final @Nullable Supplier<String> token;
    private final boolean changes;
    private final String user;
    private final String password;
    private final String namespace;

    private Credentials(
            @Nullable Supplier<String> token, boolean changes, String user, String password, String namespace) {
        this.token = token;
        this.changes = changes;
        this.user = user;
        this.password = password;
        this.namespace = namespace;
    }

    /** No credential: for clusters without authentication, or with certificates. */
    public static Credentials none() {
        return new Credentials(() -> "", false, "", "", "");
    }

    /**
     * A token that an administrator made, or a JWT.
     *
     * @throws IllegalArgumentException when it is empty or has a character that no token has
     */
    public static Credentials token(String token) {
        String checked = check(token);
        return new Credentials(() -> checked, false, "", "", "");
    }

    /** A token that may change, for example one read from a file: asked for with every call, on a thread that may block. */
    public static Credentials token(Supplier<String> token) {
        return new Credentials(() -> check(token.get()), true, "", "", "");
    }

    /** A user with a password. The client exchanges it for a token, and renews that by itself. */
    public static Credentials password(String user, String password) {
        if (user.isEmpty() || password.isEmpty()) {
            throw new IllegalArgumentException("user and password must not be empty");
        }
        return new Credentials(null, false, user, password, "");
    }

    private static String check(String token) {
        String text = token.strip();
        if (text.isEmpty() || text.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
            throw new IllegalArgumentException("a token has one or more printable characters and no spaces");
        }
        return text;
    }

    /** The same in a namespace: the client sees its root as {@code /}. */
    public Credentials inNamespace(String name) {
        return new Credentials(token, changes, user, password, name);
    }

    /** The token; null when a password is exchanged for one. May block when it comes from a supplier. */
    public @Nullable String token() {
        return token == null ? null : token.get();
    }

    /** Whether the token has to be asked for with every call. */
    public boolean changes() {
        return changes;
    }

    /** Name of the user; empty with a token. */
    public String user() {
        return user;
    }

    /** The password; empty with a token. */
    public String password() {
        return password;
    }

    /** Name of the namespace; empty for the whole tree. */
    public String namespace() {
        return namespace;
    }

    @Override
    public String toString() {
        return "Credentials[" + (token == null ? "user " + user : "token") + "]";
    }
}
