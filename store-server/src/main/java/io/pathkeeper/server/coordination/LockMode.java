package io.pathkeeper.server.coordination;

/** How a lock is held; the order is part of the stored formats. */
public enum LockMode {
    /** Nobody else holds it. Elections have this mode. */
    EXCLUSIVE,
    /** Others may hold it shared, too. */
    SHARED,
    /** So many of a number of permits. */
    PERMITS
}
