package io.pathkeeper.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.server.metrics.RaftMeters;
import io.pathkeeper.server.state.StateLimits;
import io.pathkeeper.server.state.StoreState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SnapshotsTest {
    @TempDir
    Path directory;

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000); // goes round during the test

    @Test
    void behindAFailureTheNextAttemptWaits() throws IOException {
        SnapshotStore store = new SnapshotStore();
        store.init(RaftStorage.newBuilder()
                .setDirectory(directory.resolve("group").toFile())
                .setOption(RaftStorage.StartupOption.FORMAT)
                .build());
        NodeSettings settings = NodeSettings.of("c", "s1", List.of(), directory, "127.0.0.1:1");
        Snapshots snapshots = new Snapshots(settings, StateLimits.DEFAULT, store, RaftMeters.NONE, nanos::get);
        StoreState state = StoreState.create(StateLimits.DEFAULT);
        Files.delete(store.temporaryDirectory());
        Files.writeString(store.temporaryDirectory(), "a file where the directory was: nothing can be written");

        assertThat(snapshots.take(state, TermIndex.valueOf(1, 5))).isEqualTo(Snapshots.NONE);
        awaitWritten(snapshots);
        assertThat(snapshots.hasFinished()).isFalse();

        Files.delete(store.temporaryDirectory());
        Files.createDirectory(store.temporaryDirectory());
        nanos.addAndGet(Snapshots.PAUSE_NANOS - 1);
        snapshots.take(state, TermIndex.valueOf(1, 6));
        assertThat(snapshots.isWriting() || snapshots.hasFinished())
                .as("too soon")
                .isFalse();

        nanos.addAndGet(1);
        snapshots.take(state, TermIndex.valueOf(1, 7));
        awaitWritten(snapshots);
        assertThat(snapshots.take(state, TermIndex.valueOf(1, 8))).isEqualTo(7);
    }

    @Test
    void aSnapshotThatCannotBeReadIsKnownUntilItIsGone() throws IOException {
        SnapshotStore store = new SnapshotStore();
        store.init(RaftStorage.newBuilder()
                .setDirectory(directory.resolve("group").toFile())
                .setOption(RaftStorage.StartupOption.FORMAT)
                .build());
        NodeSettings settings = NodeSettings.of("c", "s1", List.of(), directory, "127.0.0.1:1");
        Snapshots snapshots = new Snapshots(settings, StateLimits.DEFAULT, store, RaftMeters.NONE, nanos::get);
        StoreState state = StoreState.create(StateLimits.DEFAULT);
        for (int index : new int[] {5, 6}) {
            snapshots.take(state, TermIndex.valueOf(1, index));
            awaitWritten(snapshots);
            assertThat(snapshots.take(state, TermIndex.valueOf(1, index))).isEqualTo(index);
        }
        assertThat(snapshots.damaged()).isEmpty();
        Path newest = store.fileFor(TermIndex.valueOf(1, 6));
        byte[] bytes = Files.readAllBytes(newest);
        bytes[bytes.length / 2] ^= 1;
        Files.write(newest, bytes);

        Snapshots next = new Snapshots(settings, StateLimits.DEFAULT, store, RaftMeters.NONE, nanos::get);
        Snapshots.Loaded loaded = next.loadNewest();
        assertThat(loaded).isNotNull();
        assertThat(loaded.position().getIndex()).isEqualTo(5);
        assertThat(next.damaged()).isEqualTo(newest.getFileName().toString());

        // it takes no good one's place: two from which a server can start are kept, as ever
        writeOne(next, state, 7);
        assertThat(store.list())
                .extracting(stored -> stored.position().getIndex())
                .containsExactly(7L, 6L, 5L);
        writeOne(next, state, 8);
        assertThat(store.list())
                .extracting(stored -> stored.position().getIndex())
                .containsExactly(8L, 7L);
        assertThat(next.damaged()).isEmpty();
    }

    private static void writeOne(Snapshots snapshots, StoreState state, long index) {
        snapshots.take(state, TermIndex.valueOf(1, index));
        awaitWritten(snapshots);
        assertThat(snapshots.take(state, TermIndex.valueOf(1, index))).isEqualTo(index);
    }

    private static void awaitWritten(Snapshots snapshots) {
        Awaitility.await().until(() -> !snapshots.isWriting());
    }
}
