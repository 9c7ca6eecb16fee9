package io.pathkeeper.server.observe;

import io.pathkeeper.server.tree.TreeChange;

/** What happened to a znode. */
public enum EventType {
    /** It was created. */
    CREATED,
    /** Its value was changed. */
    UPDATED,
    /** It was deleted. */
    DELETED,
    /** Its access rules were changed. */
    ACL_CHANGED;

    /** The type of a change. */
    public static EventType of(TreeChange change) {
        if (change instanceof TreeChange.Created) {
            return CREATED;
        }
        return change instanceof TreeChange.Updated ? UPDATED : DELETED;
    }
}
