package io.pathkeeper.server.raft;

import io.pathkeeper.server.disk.SpaceView;
import io.pathkeeper.server.store.StoreUse;
import io.pathkeeper.server.wire.TlsEndpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a node of the cluster is started with. Values are checked by the configuration.
 *
 * @param clusterId name of the cluster; servers of another cluster are refused
 * @param memberId identity of this server, one of {@code peers}
 * @param peers all servers of the cluster
 * @param directory where the log and the snapshots lie
 * @param raftListen host:port to listen on for the other servers
 * @param electionTimeoutMin shortest time without a leader before an election
 * @param electionTimeoutMax longest one
 * @param snapshotEntries a snapshot is taken after so many entries
 * @param snapshotBytes or after so many bytes of entries
 * @param segmentBytes size of a log segment
 * @param preservedEntries entries that are kept behind a snapshot, so that a short outage is caught up from the log
 * @param inFlightEntries entries that the leader has under way at once
 * @param maxBatchCommands commands in one entry
 * @param maxBatchBytes bytes of commands in one entry; a larger command travels alone
 * @param maxPendingCommands commands that wait or are under way on this server; more are refused
 * @param maxPendingBytes bytes of such commands; more are refused
 * @param wallClock milliseconds since 1970; shown to users as the time of a write, and nothing is decided by it
 * @param space how the disk of {@code directory} stands
 * @param use how much the store holds, which the node tells it
 * @param tls how servers prove who they are to each other; null: nothing between them is encrypted
 */
public record NodeSettings(
        String clusterId,
        String memberId,
        List<Peer> peers,
        Path directory,
        String raftListen,
        Duration electionTimeoutMin,
        Duration electionTimeoutMax,
        int snapshotEntries,
        long snapshotBytes,
        long segmentBytes,
        int preservedEntries,
        int inFlightEntries,
        int maxBatchCommands,
        int maxBatchBytes,
        int maxPendingCommands,
        long maxPendingBytes,
        LongSupplier wallClock,
        SpaceView space,
        StoreUse use,
        @Nullable TlsEndpoint tls) {

    /** A server of the cluster; the addresses are host:port, host names rather than addresses. */
    public record Peer(String id, String raftAddress, String clientAddress) {}

    /** Copies the list. */
    public NodeSettings {
        peers = List.copyOf(peers);
    }

    /** Settings with the defaults for everything but identity and place. */
    public static NodeSettings of(
            String clusterId, String memberId, List<Peer> peers, Path directory, String raftListen) {
        return new NodeSettings(
                clusterId,
                memberId,
                peers,
                directory,
                raftListen,
                Duration.ofMillis(500),
                Duration.ofMillis(750),
                10_000,
                64L << 20,
                16L << 20,
                50_000,
                8,
                8_192,
                1 << 20,
                65_536,
                64L << 20,
                System::currentTimeMillis,
                SpaceView.ENDLESS,
                new StoreUse(StoreUse.Limits.NONE),
                null);
    }
}
