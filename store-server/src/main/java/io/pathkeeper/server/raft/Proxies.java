package io.pathkeeper.server.raft;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.RaftServerRpcWithProxy;
import org.apache.ratis.util.PeerProxyMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ratis's connections to the other servers. Ratis keeps the first address that it was told of an identity for as long as the process
 * lives; here a connection is taken out of its map when the membership gives its server another address. Under its own monitor.
 */
final class Proxies {
    private static final Logger LOG = LoggerFactory.getLogger(Proxies.class);

    /** Name of the map in {@link PeerProxyMap}, which has no method for what is needed; a test watches it. */
    private static final String PEERS = "peers";

    private final RaftServerRpc rpc;
    private final Map<RaftPeerId, String> addresses = new HashMap<>();

    Proxies(RaftServerRpc rpc) {
        this.rpc = rpc;
    }

    /** The membership has these servers. */
    synchronized void follow(Collection<RaftPeer> peers) {
        for (RaftPeer peer : peers) {
            String before = addresses.put(peer.getId(), peer.getAddress());
            if (before != null && !before.equals(peer.getAddress())) {
                move(peer, before);
            }
        }
    }

    private void move(RaftPeer peer, String before) {
        if (rpc instanceof RaftServerRpcWithProxy<?, ?> proxied) {
            PeerProxyMap<?> proxies = proxied.getProxies();
            proxies.resetProxy(peer.getId()); // closes the connection; what stays in the map is the old address
            forget(proxies, peer.getId());
            proxies.addRaftPeers(List.of(peer));
            LOG.atInfo()
                    .addKeyValue("member", peer.getId())
                    .addKeyValue("from", before)
                    .addKeyValue("to", peer.getAddress())
                    .log("a member has another address");
        }
    }

    static void forget(PeerProxyMap<?> proxies, RaftPeerId id) {
        try {
            java.lang.reflect.Field field = PeerProxyMap.class.getDeclaredField(PEERS);
            field.setAccessible(true);
            ((Map<?, ?>) field.get(proxies)).remove(id);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this version of Ratis keeps its connections elsewhere", e);
        }
    }
}
