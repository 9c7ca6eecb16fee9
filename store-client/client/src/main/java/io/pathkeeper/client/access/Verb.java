package io.pathkeeper.client.access;

/** What a rule allows or denies. None implies another one. */
public enum Verb {
    /** Read a znode, the names of its children, locks and elections. */
    READ,
    /** Observe changes. */
    OBSERVE,
    /** Create a znode. */
    CREATE,
    /** Change a value; take part in locks and elections. */
    WRITE,
    /** Delete a znode. */
    DELETE,
    /** Administer: on {@code /} the cluster and its servers, on {@code /_sys/auth} users and roles. */
    ADMIN
}
