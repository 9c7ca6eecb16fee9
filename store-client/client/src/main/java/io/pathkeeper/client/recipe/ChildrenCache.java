package io.pathkeeper.client.recipe;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.model.Znode;
import io.pathkeeper.client.observe.ObserveRequest;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * A copy of the direct children of a znode, with their values, that follows them: at most 100,000. Needs no session.
 *
 * <p><b>Promised:</b> it shows whole revisions only, in order, and never goes back; breaks of the connection are
 * mended; when the history no longer has what was missed, the differences to a fresh state are told. <b>Not promised:</b> that it is up to date:
 * another client may see a change before this cache does. Read the store where that matters.
 *
 * <pre>{@code
 * client.store().create("/workers/a", Value.of(1), CreateOptions.defaults().createParents(true));
 * try (ChildrenCache cache = ChildrenCache.start(client, "/workers", (before, after) -> System.out.println(after))) {
 *     cache.initialized().join();
 *     System.out.println(cache.children().keySet()); // [a]
 * }
 * }</pre>
 */
public final class ChildrenCache implements AutoCloseable {
    private final String path;
    private final TreeMirror mirror;

    private ChildrenCache(String path, TreeMirror mirror) {
        this.path = path;
        this.mirror = mirror;
    }

    /** Starts a cache; the znode need not exist. */
    public static ChildrenCache start(PathkeeperClient client, String path, CacheListener listener) {
        ObserveRequest request = ObserveRequest.subtree(path).maxDepth(1);
        return new ChildrenCache(path, TreeMirror.start(client, request, child -> !child.equals(path), listener));
    }

    /** Returns a copy of the children by their names. Does not wait. */
    public SortedMap<String, Znode> children() {
        SortedMap<String, Znode> byName = new TreeMap<>();
        mirror.all().values().forEach(child -> byName.put(child.name(), child));
        return byName;
    }

    /** Returns the child of a name; empty when there is none. Does not wait. */
    public Optional<Znode> find(String name) {
        return mirror.find(Waits.child(path, name));
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
