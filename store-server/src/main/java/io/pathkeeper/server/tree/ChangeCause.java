package io.pathkeeper.server.tree;

/** Why a znode was changed; the order is part of the stored formats. */
public enum ChangeCause {
    CLIENT,
    SESSION_CLOSED,
    SESSION_EXPIRED,
    TTL,
    CONTAINER
}
