package io.pathkeeper.client.model;

import org.jspecify.annotations.Nullable;

/**
 * A replaced value.
 *
 * @param path path of the znode
 * @param stat the new stat
 * @param created true when the znode was created by this call
 * @param changed false when {@link SetOptions#ifChanged(boolean)} found an equal value
 * @param revision revision of the change; the store's revision when nothing changed
 * @param previous the znode as it was before, when asked for and there was one; null otherwise
 */
public record SetResult(
        String path,
        Stat stat,
        boolean created,
        boolean changed,
        long revision,
        @Nullable Znode previous) implements OperationResult {}
