package io.pathkeeper.server.observe;

/** How far around its path a target reaches. */
public enum ObserveScope {
    /** The znode itself. */
    NODE,
    /** Creations and deletions of its direct children. */
    CHILDREN,
    /** The znode and everything below. */
    SUBTREE
}
