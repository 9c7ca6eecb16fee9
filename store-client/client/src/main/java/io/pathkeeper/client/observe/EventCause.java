package io.pathkeeper.client.observe;

/** Why a change happened. */
public enum EventCause {
    /** A call of a client. */
    CLIENT,
    /** The session that owned the znode was closed. */
    SESSION_CLOSED,
    /** The session that owned the znode expired. */
    SESSION_EXPIRED,
    /** Its time to live ended. */
    TTL,
    /** It was a container and became empty, or was never used. */
    CONTAINER,
    /** Something that this version of the library does not know. */
    UNKNOWN
}
