package io.pathkeeper.server.auth;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who makes a call, as the credential proved it.
 *
 * @param principal name
 * @param kind how it was proved
 * @param groups groups that the credential itself names, beside those of the user
 * @param expiresMillis Unix time at which the credential ends; 0 for never
 * @param credential which token or password it was; empty when there is nothing that could be taken back
 */
public record Identity(String principal, Kind kind, Set<String> groups, long expiresMillis, String credential) {
    /** How an identity is proved. */
    public enum Kind {
        /** Nobody asks who it is: authentication is off. May do everything. */
        OPEN,
        /** The break-glass token of the server's configuration. May do everything. */
        ROOT,
        /** A token that a password was exchanged for. */
        PASSWORD,
        /** A static token. */
        TOKEN,
        /** A JWT of the configured issuer. */
        JWT,
        /** The certificate of the connection. */
        CERTIFICATE,
        /** No credential at all: may check health and sign in. */
        NONE
    }

    /** Whoever calls when authentication is off. */
    public static final Identity OPEN = new Identity("anonymous", Kind.OPEN, Set.of(), 0, "");
    /** Whoever has the break-glass token. */
    public static final Identity ROOT = new Identity("root", Kind.ROOT, Set.of(), 0, "");
    /** Whoever brings no credential. */
    public static final Identity NONE = new Identity("", Kind.NONE, Set.of(), 0, "");

    /** Copies the groups. */
    public Identity {
        groups = Set.copyOf(groups);
    }

    /** By name and credential alone: identities are looked up by every call. */
    @Override
    public int hashCode() {
        return 31 * principal.hashCode() + credential.hashCode();
    }

    /** Whether no rule is asked. */
    public boolean isUnrestricted() {
        return kind == Kind.OPEN || kind == Kind.ROOT;
    }

    /** Whether the credential has ended. */
    public boolean isExpired(long nowMillis) {
        return expiresMillis != 0 && nowMillis >= expiresMillis;
    }

    /** Whether the credential was taken back since it was proved: the user or the token is gone, changed or disabled. */
    public boolean isRevoked(AuthState state) {
        if (isUnrestricted() || kind == Kind.NONE) {
            return false;
        }
        User user = state.users().get(principal);
        if (user != null && user.disabled()) {
            return true;
        }
        return switch (kind) {
            case PASSWORD -> user == null || !Long.toString(user.credential()).equals(credential);
            case TOKEN -> !isOf(state.tokens().get(credential));
            default -> false;
        };
    }

    private boolean isOf(@Nullable StaticToken token) {
        return token != null && token.principal().equals(principal);
    }
}
