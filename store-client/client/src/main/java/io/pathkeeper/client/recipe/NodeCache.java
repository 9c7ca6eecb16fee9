package io.pathkeeper.client.recipe;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.model.Znode;
import io.pathkeeper.client.observe.ObserveRequest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A copy of one znode that follows it. Needs no session.
 *
 * <p><b>Promised:</b> it shows whole revisions only, in order, and never goes back; breaks of the connection are
 * mended; when the history no longer has what was missed, the differences to a fresh state are told. <b>Not promised:</b> that it is up to date:
 * another client may see a change before this cache does. Read the store where that matters.
 *
 * <pre>{@code
 * client.store().set("/config", Value.map("port", 8080), SetOptions.defaults().allowMissing(true));
 * try (NodeCache cache = NodeCache.start(client, "/config", (before, after) -> System.out.println(after))) {
 *     cache.initialized().join();
 *     System.out.println(cache.current().orElseThrow().value().get("port").asLong());
 * }
 * }</pre>
 */
public final class NodeCache implements AutoCloseable {
    private final String path;
    private final TreeMirror mirror;

    private NodeCache(String path, TreeMirror mirror) {
        this.path = path;
        this.mirror = mirror;
    }

    /** Starts a cache; the znode need not exist. */
    public static NodeCache start(PathkeeperClient client, String path, CacheListener listener) {
        return new NodeCache(path, TreeMirror.start(client, ObserveRequest.node(path), path::equals, listener));
    }

    /** Returns the znode; empty when there is none. Does not wait. */
    public Optional<Znode> current() {
        return mirror.find(path);
    }

    /** Returns a future that completes when the cache holds the first whole state; it fails when that never comes. */
    public CompletableFuture<Void> initialized() {
        return mirror.initialized();
    }

    /** Returns the revision that the cache shows; 0 before the first state. */
    public long revision() {
        return mirror.revision();
    }

    /** Ends the cache; it keeps what it has. Does not wait. May be called again. */
    @Override
    public void close() {
        mirror.close();
    }
}
