package io.pathkeeper.client.observe;

/** What happened to a znode. */
public enum EventType {
    /** It was created. */
    CREATED,
    /** Its value was changed. */
    UPDATED,
    /** It was deleted. */
    DELETED,
    /** Its access rules were changed. */
    ACL_CHANGED,
    /** Something that this version of the library does not know. */
    UNKNOWN
}
