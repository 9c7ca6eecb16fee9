package io.pathkeeper.server.rpc;

import io.pathkeeper.server.config.ServerConfig;
import io.pathkeeper.server.wire.ClientEdge;
import io.pathkeeper.server.wire.ConnectionGate;
import io.pathkeeper.server.wire.Cuts;

/** How clients come in to the servers of tests. */
final class Edges {
    private Edges() {}

    static ClientEdge plain(ServerConfig config) {
        ServerConfig.Limits limits = config.limits();
        return new ClientEdge(
                null,
                new ConnectionGate(
                        limits.connections(), limits.connectionsPerAddress(), limits.handshake(), System::nanoTime),
                new Cuts());
    }
}
