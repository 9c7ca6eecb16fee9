package io.pathkeeper.server.raft;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.raftlog.LogProtoUtils;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** Turns {@link NodeSettings} into what Ratis wants. The only place where a Ratis property is set. */
final class RaftSettings {
    /** A joining server that is silent for so long is given up. */
    static final Duration STAGING_TIMEOUT = Duration.ofSeconds(30);

    /** Also the largest entry. */
    static final int APPENDER_BUFFER_BYTES = 16 << 20;

    /** Ratis writes the newest applied configuration here. */
    private static final String CONFIGURATION_FILE = "current/raft-meta.conf";

    private RaftSettings() {}

    /** Identity of the Raft group: derived from the cluster's name, so that servers of two clusters never talk. */
    static RaftGroupId groupId(String clusterId) {
        return RaftGroupId.valueOf(
                UUID.nameUUIDFromBytes(("pathkeeper/" + clusterId).getBytes(StandardCharsets.UTF_8)));
    }

    /** Name of this server in its group, as Ratis's meters have it. */
    static String groupMember(NodeSettings settings) {
        return RaftGroupMemberId.valueOf(RaftPeerId.valueOf(settings.memberId()), groupId(settings.clusterId()))
                .toString();
    }

    /**
     * All servers with their addresses; the client address travels in Ratis's configuration, for redirection. A server whose log knows the
     * members gets them from there and none from its settings: Ratis goes back to the members with which a server began for moments while it takes over
     * a snapshot, and a server that stands for election in such a moment and is not among them ends for good. One that waits to join is a listener of a
     * cluster without voters: neither votes nor stands.
     *
     * @throws IOException when the stored members cannot be read
     */
    static RaftGroup group(NodeSettings settings) throws IOException {
        Path stored = groupDirectory(settings).resolve(CONFIGURATION_FILE);
        if (Files.exists(stored)) {
            return RaftGroup.valueOf(groupId(settings.clusterId()), storedMembers(stored));
        }
        if (settings.peers().isEmpty()) {
            return RaftGroup.valueOf(
                    groupId(settings.clusterId()),
                    RaftPeer.newBuilder()
                            .setId(settings.memberId())
                            .setAddress(settings.raftListen())
                            .setStartupRole(RaftPeerRole.LISTENER)
                            .build());
        }
        return RaftGroup.valueOf(
                groupId(settings.clusterId()),
                settings.peers().stream()
                        .map(peer -> RaftPeer.newBuilder()
                                .setId(peer.id())
                                .setAddress(peer.raftAddress())
                                .setClientAddress(peer.clientAddress())
                                .build())
                        .toList());
    }

    private static List<RaftPeer> storedMembers(Path file) throws IOException {
        RaftConfiguration configuration;
        try {
            configuration = LogProtoUtils.toRaftConfiguration(LogEntryProto.parseFrom(Files.readAllBytes(file)));
        } catch (InvalidProtocolBufferException | IllegalStateException e) {
            throw new IOException("the members in " + file + " cannot be read: " + e.getMessage(), e);
        }
        List<RaftPeer> members = new ArrayList<>();
        for (RaftPeerRole role : List.of(RaftPeerRole.FOLLOWER, RaftPeerRole.LISTENER)) {
            for (RaftPeer peer : configuration.getCurrentPeers(role)) {
                members.add(RaftPeer.newBuilder(peer).setStartupRole(role).build());
            }
        }
        return members;
    }

    /** Directory of the group below the node's directory, as Ratis lays it out. */
    static Path groupDirectory(NodeSettings settings) {
        return settings.directory()
                .resolve(groupId(settings.clusterId()).getUuid().toString());
    }

    static RaftProperties properties(NodeSettings settings) {
        RaftProperties p = new RaftProperties();
        // Without an own directory Ratis writes below /tmp.
        RaftServerConfigKeys.setStorageDir(
                p, Collections.singletonList(settings.directory().toFile()));
        // gRPC, with senders that tell followers of a commit at once.
        RaftConfigKeys.Rpc.setType(p, new RatisTransport());
        address(p, settings);
        log(p, settings);
        timeouts(p, settings);
        snapshots(p, settings);
        requests(p, settings);
        return p;
    }

    private static void address(RaftProperties p, NodeSettings settings) {
        int colon = settings.raftListen().lastIndexOf(':');
        GrpcConfigKeys.Server.setHost(p, settings.raftListen().substring(0, colon));
        GrpcConfigKeys.Server.setPort(p, Integer.parseInt(settings.raftListen().substring(colon + 1)));
        // A message holds a whole appender buffer and its envelope.
        GrpcConfigKeys.setMessageSizeMax(p, SizeInBytes.valueOf(APPENDER_BUFFER_BYTES + (4 << 20)));
    }

    private static void log(RaftProperties p, NodeSettings settings) {
        // Metadata entries double the entries, the fsyncs and the messages; nothing here needs them.
        RaftServerConfigKeys.Log.setLogMetadataEnabled(p, false);
        // Entries carry many commands already: waiting for more only adds latency.
        RaftServerConfigKeys.Log.Appender.setWaitTimeMin(p, TimeDuration.ZERO);
        // The composed path costs followers an executor hop for each append.
        RaftServerConfigKeys.Log.setAppendEntriesComposeEnabled(p, false);
        // Nothing is acknowledged before it is on disk.
        RaftServerConfigKeys.Log.setUnsafeFlushEnabled(p, false);
        RaftServerConfigKeys.Log.setAsyncFlushEnabled(p, false);
        // Dropping entries that were synced once loses committed data: refuse to start instead.
        RaftServerConfigKeys.Log.setCorruptionPolicy(p, RaftServerConfigKeys.Log.CorruptionPolicy.EXCEPTION);
        // One preallocation for each segment: syncs do not change the file's size.
        RaftServerConfigKeys.Log.setSegmentSizeMax(p, SizeInBytes.valueOf(settings.segmentBytes()));
        RaftServerConfigKeys.Log.setPreallocatedSize(p, SizeInBytes.valueOf(settings.segmentBytes()));
        // Also the largest entry that can be read back: never smaller than one that was ever written.
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(p, SizeInBytes.valueOf(APPENDER_BUFFER_BYTES));
        RaftServerConfigKeys.Log.setWriteBufferSize(p, SizeInBytes.valueOf(APPENDER_BUFFER_BYTES + (1 << 20)));
        // By default a follower that could not be reached thirty times is tried every five seconds only, and after a
        // thousand times without a
        // pause: one that comes back shall be served at once, however long it was away.
        RaftServerConfigKeys.Log.Appender.setRetryPolicy(p, "1ms,10, 100ms,20, 400ms," + Integer.MAX_VALUE);
        // Small segments, so that purging gives space back soon; a few in memory for followers that lag.
        RaftServerConfigKeys.Log.setSegmentCacheNumMax(p, 4);
        // A dead follower must not keep the log for ever; a short outage is caught up from the preserved entries.
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(p, true);
        // Entries are large: by default 1,024 of them would have to pile up before a segment is deleted.
        RaftServerConfigKeys.Log.setPurgeGap(p, 1);
        RaftServerConfigKeys.Log.setPurgePreservationLogNum(p, settings.preservedEntries());
    }

    private static void timeouts(RaftProperties p, NodeSettings settings) {
        TimeDuration min = millis(settings.electionTimeoutMin().toMillis());
        TimeDuration max = millis(settings.electionTimeoutMax().toMillis());
        RaftServerConfigKeys.Rpc.setTimeoutMin(p, min);
        RaftServerConfigKeys.Rpc.setTimeoutMax(p, max);
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(p, min);
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(p, max);
        RaftServerConfigKeys.Rpc.setRequestTimeout(p, millis(3_000));
        // The default keeps a leader that lost its majority once from standing again for ten seconds.
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(p, max);
        // A joining server has to load a snapshot first.
        p.setTimeDuration("raft.server.staging.timeout", millis(STAGING_TIMEOUT.toMillis()));
    }

    private static void snapshots(RaftProperties p, NodeSettings settings) {
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(p, true);
        RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(p, settings.snapshotEntries());
        // By default a request for a snapshot is ignored for the first 1,024 entries behind the last one.
        RaftServerConfigKeys.Snapshot.setCreationGap(p, 1);
        // The log is enough to come back: stopping must be quick.
        RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(p, false);
        // Our storage cleans up by itself.
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(p, SnapshotStore.RETAINED);
        // The leader pushes its file in chunks; a chunk is written under the server's lock, so keep it short.
        RaftServerConfigKeys.Log.Appender.setInstallSnapshotEnabled(p, true);
        RaftServerConfigKeys.Log.Appender.setSnapshotChunkSizeMax(p, SizeInBytes.valueOf(4 << 20));
        p.setTimeDuration("raft.grpc.server.install_snapshot.request.timeout", millis(30_000));
    }

    private static void requests(RaftProperties p, NodeSettings settings) {
        // Our own table decides what is a repeat; Ratis's cache has no bound, so it forgets at once.
        RaftServerConfigKeys.RetryCache.setExpiryTime(p, TimeDuration.valueOf(1, TimeUnit.SECONDS));
        // Admission is decided in our queue. Reaching these limits would be a refusal that leaks permits.
        RaftServerConfigKeys.Write.setElementLimit(p, Math.max(1_024, settings.inFlightEntries() * 16));
        RaftServerConfigKeys.Write.setByteLimit(p, SizeInBytes.valueOf(256 << 20));
        // Ratis's own reads are not used; should one ever be, it must not be answered without a check.
        RaftServerConfigKeys.Read.setOption(p, RaftServerConfigKeys.Read.Option.LINEARIZABLE);
        RaftServerConfigKeys.Read.setLeaderLeaseEnabled(p, false);
    }

    private static TimeDuration millis(long millis) {
        return TimeDuration.valueOf(millis, TimeUnit.MILLISECONDS);
    }
}
