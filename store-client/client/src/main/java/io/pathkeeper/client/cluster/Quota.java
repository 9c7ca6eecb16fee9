package io.pathkeeper.client.cluster;

import org.jspecify.annotations.Nullable;

/**
 * How much a subtree may have. Limits are 0 at least; null: none.
 *
 * @param name its own name, at most 128 bytes
 * @param path top of the subtree, which counts, too; it need not exist
 * @param maxZnodes most znodes of the subtree
 * @param maxBytes most bytes of all values of the subtree
 * @param maxChildren most children of the top itself
 */
public record Quota(
        String name,
        String path,
        @Nullable Long maxZnodes,
        @Nullable Long maxBytes,
        @Nullable Long maxChildren) {}
