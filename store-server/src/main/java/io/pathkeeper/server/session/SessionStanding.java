package io.pathkeeper.server.session;

/** What a session is to somebody who names it. */
public enum SessionStanding {
    /** It is open. */
    OPEN,
    /** It is over. */
    EXPIRED,
    /** There never was one of this id. */
    NOT_FOUND,
    /** It is open, but the secret is another one. */
    SECRET_WRONG
}
