package io.pathkeeper.client.model;

import org.jspecify.annotations.Nullable;

/**
 * A deletion.
 *
 * @param path path of the deleted znode
 * @param revision revision of the deletion
 * @param deletedCount how many znodes were deleted, containers that became empty included
 * @param previous the znode as it was before, when asked for; null otherwise
 */
public record DeleteResult(
        String path,
        long revision,
        long deletedCount,
        @Nullable Znode previous) implements OperationResult {}
