package io.pathkeeper.server;

import io.pathkeeper.server.config.Address;
import io.pathkeeper.server.config.MemberAddress;
import io.pathkeeper.server.config.ServerConfig;
import io.pathkeeper.server.disk.SpaceLimits;
import io.pathkeeper.server.disk.SpaceView;
import io.pathkeeper.server.observe.ObserveLimits;
import io.pathkeeper.server.raft.NodeSettings;
import io.pathkeeper.server.state.StateLimits;
import io.pathkeeper.server.store.StoreUse;
import io.pathkeeper.server.wire.TlsEndpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Turns the configuration into the settings of the parts. */
final class NodeConfig {
    private NodeConfig() {}

    static NodeSettings settings(
            ServerConfig config,
            PathkeeperServer.Listeners listeners,
            Path directory,
            LongSupplier wallClock,
            SpaceView space,
            StoreUse use,
            @Nullable TlsEndpoint raftTls) {
        ServerConfig.Raft raft = config.raft();
        return new NodeSettings(
                config.cluster().id(),
                config.cluster().memberId(),
                peers(config, listeners),
                directory,
                listeners.raft().toString(),
                raft.electionTimeoutMin(),
                raft.electionTimeoutMax(),
                raft.snapshotEntries(),
                raft.snapshotBytes(),
                raft.segmentBytes(),
                raft.preservationEntries(),
                raft.inFlightEntries(),
                raft.batchCommands(),
                raft.batchBytes(),
                config.limits().inFlightWrites(),
                config.limits().queuedBytes(),
                wallClock,
                space,
                use,
                raftTls);
    }

    private static List<NodeSettings.Peer> peers(ServerConfig config, PathkeeperServer.Listeners listeners) {
        if (config.cluster().join()) {
            return List.of(); // the members come with the log
        }
        List<MemberAddress> members = config.cluster().members();
        if (members.isEmpty()) {
            Address client = config.client().advertise().orElse(listeners.client());
            return List.of(new NodeSettings.Peer(
                    config.cluster().memberId(), listeners.raft().toString(), client.toString()));
        }
        return members.stream()
                .map(m -> new NodeSettings.Peer(m.id(), m.raft().toString(), clientAddress(config, m)))
                .toList();
    }

    private static String clientAddress(ServerConfig config, MemberAddress member) {
        boolean self = member.id().equals(config.cluster().memberId());
        return (self ? config.clientAddress() : member.client()).toString();
    }

    static SpaceLimits space(ServerConfig config) {
        return SpaceLimits.of(
                config.data().reserveBytes(),
                config.data().minimumBytes(),
                config.raft().segmentBytes());
    }

    /** Limits of the whole store; a size of 0 is half of the heap that this process may have. */
    static StoreUse.Limits store(ServerConfig config) {
        long bytes = config.limits().dataBytes();
        return new StoreUse.Limits(
                config.limits().znodes(), bytes == 0 ? Runtime.getRuntime().maxMemory() / 2 : bytes);
    }

    static StateLimits state(ServerConfig config) {
        ServerConfig.History history = config.history();
        return StateLimits.DEFAULT.withHistory(
                new StateLimits.History(history.age().toMillis(), history.revisions(), history.bytes()));
    }

    static ObserveLimits observers(ServerConfig config) {
        ObserveLimits plain = ObserveLimits.DEFAULT;
        return new ObserveLimits(
                config.limits().observations(),
                plain.pendingEvents(),
                plain.pendingBytes(),
                plain.frameBytes(),
                plain.existingBytes(),
                plain.concurrentScans(),
                plain.scanStallMillis(),
                plain.scanGiveUpMillis(),
                plain.loops());
    }
}
