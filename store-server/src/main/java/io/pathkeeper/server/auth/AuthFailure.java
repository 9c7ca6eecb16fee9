package io.pathkeeper.server.auth;

/** Why a credential does not prove anything. An exception without a stack trace: it is expected. */
public final class AuthFailure extends Exception {
    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Reason {
        /** The token is none that this cluster knows. */
        TOKEN_INVALID,
        /** The token was good once. */
        TOKEN_EXPIRED,
        /** No user has this name and password. */
        SIGN_IN_FAILED,
        /** Too many sign-ins have failed. */
        SIGN_IN_LIMITED
    }

    private final Reason reason;

    /** Makes a failure; the message holds no secret. */
    public AuthFailure(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    /** What is wrong. */
    public Reason reason() {
        return reason;
    }
}
