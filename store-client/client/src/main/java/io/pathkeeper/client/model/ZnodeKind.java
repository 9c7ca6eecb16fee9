package io.pathkeeper.client.model;

/** What ends the life of a znode. */
public enum ZnodeKind {
    /** Lives until it is deleted. */
    PERSISTENT,
    /** Lives as long as the session that owns it; cannot have children. */
    EPHEMERAL,
    /** Is deleted with its last child, or after five minutes without ever having had one. */
    CONTAINER,
    /** Is deleted when it had no change of its value and no children for its time to live. */
    TTL
}
