package io.pathkeeper.server.acl;

/** What a rule allows or denies. None implies another one. The names are stored: new ones come at the end. */
public enum Verb {
    /** Read a znode, its children's names, locks and elections. */
    READ,
    /** Observe changes. */
    OBSERVE,
    /** Create a znode. */
    CREATE,
    /** Change a znode's value; take part in locks and elections. */
    WRITE,
    /** Delete a znode. */
    DELETE,
    /** Administer: on {@code /} the cluster and its servers, on {@code /_sys/auth} users and roles. */
    ADMIN
}
