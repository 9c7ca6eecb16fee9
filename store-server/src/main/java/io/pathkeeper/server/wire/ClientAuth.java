package io.pathkeeper.server.wire;

/** Whether the other side of a connection has to show a certificate. */
public enum ClientAuth {
    /** It is not asked for one. */
    NONE,
    /** It is asked; one that is shown must be good. */
    OPTIONAL,
    /** Without a good one there is no connection. */
    REQUIRE
}
