package io.pathkeeper.client.recipe;

import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.model.Znode;
import org.jspecify.annotations.Nullable;

/** Is told of the changes of a cache. Called by one callback thread at a time, when the cache shows the change already. */
@FunctionalInterface
public interface CacheListener {
    /**
     * A znode came, changed or went.
     *
     * @param before as it was; null when it came
     * @param after as it is; null when it went
     */
    void onChange(@Nullable Znode before, @Nullable Znode after);

    /** The cache holds the first whole state; what came before was part of it. Once. */
    default void onInitialized() {}

    /** Changes were missed, and the cache holds a whole state again; only the differences to the state before were told. */
    default void onResynced() {}

    /**
     * The cache has ended; nothing follows.
     *
     * @param error why; null when it was closed
     */
    default void onEnd(@Nullable PathkeeperException error) {}
}
