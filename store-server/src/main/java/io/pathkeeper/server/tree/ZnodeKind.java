package io.pathkeeper.server.tree;

/** What ends the life of a znode; the order is part of the stored formats. */
public enum ZnodeKind {
    /** Lives until it is deleted. */
    PERSISTENT,
    /** Lives as long as its session; has no children. */
    EPHEMERAL,
    /** Is deleted with its last child, or when it had none for five minutes after its creation. */
    CONTAINER,
    /** Is deleted when it had no change of its value and no children for its time to live. */
    TTL
}
