package io.pathkeeper.client.observe;

/** How far around its path an observation reaches. */
public enum ObserveScope {
    /** The znode itself. */
    NODE,
    /** Creations and deletions of its direct children. */
    CHILDREN,
    /** The znode and everything below. */
    SUBTREE
}
