package io.pathkeeper.client.coordination;

/** How a lock is held. */
public enum LockMode {
    /** Nobody else holds it. */
    EXCLUSIVE,
    /** Shared with others that hold it shared. */
    SHARED,
    /** So many of a number of permits. */
    PERMITS
}
