package io.pathkeeper.client.recipe;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.model.Znode;
import io.pathkeeper.client.observe.ObserveRequest;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;

/**
 * A copy of a znode and everything below, with values, that follows them: at most 100,000 znodes. Needs no session.
 *
 * <p><b>Promised:</b> it shows whole revisions only, in order, and never goes back; breaks of the connection are
 * mended; when the history no longer has what was missed, the differences to a fresh state are told. <b>Not promised:</b> that it is up to date:
 * another client may see a change before this cache does. Read the store where that matters.
 *
 * <pre>{@code
 * client.store().create("/config/db/host", Value.of("db1"), CreateOptions.defaults().createParents(true));
 * try (TreeCache cache = TreeCache.start(client, "/config", (before, after) -> System.out.println(after))) {
 *     cache.initialized().join();
 *     System.out.println(cache.find("/config/db/host").orElseThrow().value().asString()); // db1
 * }
 * }</pre>
 */
public final class TreeCache implements AutoCloseable {
    private final TreeMirror mirror;

    private TreeCache(TreeMirror mirror) {
        this.mirror = mirror;
    }

    /** Starts a cache; the znode need not exist. */
    public static TreeCache start(PathkeeperClient client, String path, CacheListener listener) {
        return new TreeCache(TreeMirror.start(client, ObserveRequest.subtree(path), any -> true, listener));
    }

    /** Returns a copy of all znodes by their paths. Does not wait. */
    public SortedMap<String, Znode> znodes() {
        return mirror.all();
    }

    /** Returns the znode at a path; empty when there is none. Does not wait. */
    public Optional<Znode> find(String path) {
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
