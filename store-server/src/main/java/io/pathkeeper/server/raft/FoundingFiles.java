package io.pathkeeper.server.raft;

import io.pathkeeper.server.snapshot.SnapshotOrigin;
import io.pathkeeper.server.snapshot.SnapshotSummary;
import io.pathkeeper.server.snapshot.SnapshotWriter;
import io.pathkeeper.server.state.PinnedState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.ratis.server.RaftServerConfigKeys.Log.CorruptionPolicy;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.server.storage.RaftStorageMetadata;
import org.apache.ratis.server.storage.StorageImplUtils;
import org.apache.ratis.util.SizeInBytes;

/** Makes the files of a member whose cluster begins with a given state, and not with an empty one: a snapshot and an empty log behind it. */
public final class FoundingFiles {
    private FoundingFiles() {}

    /**
     * Writes the files. All members of the new cluster must get the same state from the same origin. Blocks for the disk; everything is on it afterwards.
     *
     * @param directory where the log and the snapshots of the member will lie; new or empty
     * @param state what the cluster begins with
     * @param origin the new cluster's name, and the log position behind which it begins
     * @throws IOException when the disk refuses; what was written then is left
     */
    public static void write(Path directory, PinnedState state, SnapshotOrigin origin) throws IOException {
        Path group = directory.resolve(
                RaftSettings.groupId(origin.clusterId()).getUuid().toString());
        Files.createDirectories(group);
        TermIndex position = TermIndex.valueOf(origin.term(), origin.index());
        try (RaftStorage storage = StorageImplUtils.newRaftStorage(
                group.toFile(), SizeInBytes.ZERO, RaftStorage.StartupOption.RECOVER, CorruptionPolicy.EXCEPTION)) {
            storage.initialize();
            // no election of the new cluster may have a term below that of its first state
            storage.getMetadataFile()
                    .persist(RaftStorageMetadata.valueOf(
                            position.getTerm(), RaftStorageMetadata.getDefault().getVotedFor()));
            SnapshotStore store = new SnapshotStore();
            store.init(storage);
            SnapshotSummary written = SnapshotWriter.write(
                    state, origin, store.fileFor(position), store.temporaryDirectory(), () -> false);
            store.finished(written.file(), position, written.md5());
        }
        EarlierWrites.force(directory);
    }
}
