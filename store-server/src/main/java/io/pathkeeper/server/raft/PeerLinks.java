package io.pathkeeper.server.raft;

import io.pathkeeper.server.disk.SpaceLevel;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The links to the other servers, as the membership has them: one for each, at its present address. Any thread. */
final class PeerLinks implements AutoCloseable {
    private final NodeSettings settings;
    private final Runnable changed;
    private final BiConsumer<String, SpaceLevel> space;
    private final Consumer<String> broke;
    private final Map<String, PeerLink> links = new ConcurrentHashMap<>();
    private boolean closed;

    /**
     * Begins without any.
     *
     * @param changed is run when a link has begun a term or broke
     * @param space is told how the disk of a server stands
     * @param broke is told whose link broke that was in use
     */
    PeerLinks(NodeSettings settings, Runnable changed, BiConsumer<String, SpaceLevel> space, Consumer<String> broke) {
        this.broke = broke;
        this.settings = settings;
        this.space = space;
        this.changed = changed;
    }

    /** Makes and drops links so that there is one to each of these, this server left out. */
    synchronized void follow(Collection<NodeSettings.Peer> peers) {
        if (closed) {
            return;
        }
        Map<String, NodeSettings.Peer> wanted = peers.stream()
                .filter(peer -> !peer.id().equals(settings.memberId()))
                .collect(Collectors.toMap(NodeSettings.Peer::id, peer -> peer, (one, same) -> one));
        links.forEach((id, link) -> {
            NodeSettings.Peer peer = wanted.get(id);
            if (peer == null || !peer.raftAddress().equals(link.address())) {
                links.remove(id);
                link.close();
            }
        });
        wanted.forEach((id, peer) -> links.computeIfAbsent(
                id,
                key -> new PeerLink(
                        settings, peer, changed, level -> space.accept(id, level), () -> broke.accept(id))));
    }

    @Nullable
    PeerLink get(String id) {
        return links.get(id);
    }

    /** Gives up on questions that were not answered in time. */
    void expire(long nowNanos, long timeoutNanos) {
        links.values().forEach(link -> link.expire(nowNanos, timeoutNanos));
    }

    @Override
    public synchronized void close() {
        closed = true;
        links.values().forEach(PeerLink::close);
        links.clear();
    }
}
