package io.pathkeeper.client.model;

import org.jspecify.annotations.Nullable;

/**
 * A patched value.
 *
 * @param path path of the znode
 * @param stat the new stat
 * @param revision revision of the change
 * @param value the new value when {@link PatchOptions#returnValue(boolean)} asked for it; null otherwise
 * @param previous the znode as it was before, when asked for; null otherwise
 */
public record PatchResult(
        String path,
        Stat stat,
        long revision,
        @Nullable Value value,
        @Nullable Znode previous) implements OperationResult {}
