package io.pathkeeper.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pathkeeper.server.disk.SpaceLevel;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.store.StoreException;
import io.pathkeeper.server.store.StoreFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three real members on disks whose space the test says. */
@Timeout(120)
class NoSpaceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private final Map<String, FakeSpace> disks = new HashMap<>();
    private TestCluster cluster;

    @BeforeEach
    void start() throws Exception {
        cluster = new TestCluster(
                3,
                directory,
                s -> new NodeSettings(
                        s.clusterId(),
                        s.memberId(),
                        s.peers(),
                        s.directory(),
                        s.raftListen(),
                        s.electionTimeoutMin(),
                        s.electionTimeoutMax(),
                        s.snapshotEntries(),
                        s.snapshotBytes(),
                        s.segmentBytes(),
                        s.preservedEntries(),
                        s.inFlightEntries(),
                        s.maxBatchCommands(),
                        s.maxBatchBytes(),
                        s.maxPendingCommands(),
                        s.maxPendingBytes(),
                        s.wallClock(),
                        disks.computeIfAbsent(s.memberId(), id -> new FakeSpace()),
                        s.use(),
                        s.tls()));
        cluster.startAll();
        cluster.leader();
    }

    @AfterEach
    void stop() {
        cluster.close();
        assertThat(cluster.fatal).isEmpty();
    }

    private void set(int server, SpaceLevel level) {
        disks.get("s" + (server + 1)).set(level);
    }

    /** Why a command failed; null when it was applied. */
    private @Nullable StoreFailure failure(int server, Command command) throws Exception {
        try {
            CommandResult result = cluster.propose(server, command, null).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(result).isNotInstanceOf(CommandResult.Rejected.class);
            return null;
        } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(StoreException.class);
            return ((StoreException) e.getCause()).failure();
        }
    }

    private boolean isRefused(int server, Command command) throws Exception {
        StoreFailure failure = failure(server, command);
        return failure != null && failure.rejection().reason() == RejectReason.NOSPACE;
    }

    @Test
    void aMajorityWithLittleSpaceRefusesWhatGrowsUntilThereIsSpaceAgain() throws Exception {
        assertThat(failure(0, TestCluster.create("/old", "x"))).isNull();
        set(0, SpaceLevel.LOW);
        set(1, SpaceLevel.LOW);
        for (int i = 0; i < 3; i++) {
            int server = i;
            await().atMost(PATIENCE).until(() -> isRefused(server, TestCluster.set("/old", "y")));
        }
        StoreFailure failure = failure(2, TestCluster.create("/new", "x"));
        assertThat(failure).isNotNull();
        assertThat(failure.outcome()).isEqualTo(StoreFailure.Outcome.NOT_APPLIED);
        assertThat(failure.rejection().metadata()).containsEntry("retry_after_ms", "1000");
        assertThat(failure.rejection().message()).contains("deletes and reads are not");
        assertThat(failure(2, new Command.Delete(TestCluster.path("/old"), false, Command.ANY, Command.ANY, false)))
                .isNull();
        for (int i = 0; i < 3; i++) {
            assertThat(cluster.node(i)
                            .linearizableView()
                            .get(20, TimeUnit.SECONDS)
                            .find(TestCluster.path("/old")))
                    .isNull();
        }

        set(1, SpaceLevel.ENOUGH);
        for (int i = 0; i < 3; i++) {
            int server = i;
            await().atMost(PATIENCE).until(() -> failure(server, TestCluster.create("/n" + server, "x")) == null);
        }
    }

    @Test
    void aLeaderWithLittleSpaceHandsOverAndNothingIsRefused() throws Exception {
        int leader = cluster.leader();
        set(leader, SpaceLevel.LOW);
        await().atMost(PATIENCE).until(() -> cluster.leader() != leader);
        for (int i = 0; i < 3; i++) {
            assertThat(failure(i, TestCluster.create("/n" + i, "x"))).isNull();
        }
    }

    @Test
    void aFullLeaderHandsOverAndNothingIsRefused() throws Exception {
        int leader = cluster.leader();
        int other = cluster.follower();
        set(leader, SpaceLevel.FULL);
        for (int i = 0; i < 20; i++) {
            assertThat(failure(other, TestCluster.create("/n" + i, "x"))).isNull();
        }
        assertThat(cluster.leader()).isNotEqualTo(leader);
    }

    @Test
    void aFullServerTakesNoEntriesAndCatchesUpWhenThereIsSpace() throws Exception {
        int follower = cluster.follower();
        int other = 3 - follower - cluster.leader();
        set(follower, SpaceLevel.FULL);
        for (int i = 0; i < 20; i++) {
            assertThat(failure(other, TestCluster.create("/n" + i, "x"))).isNull();
        }
        assertThat(cluster.node(follower).view().find(TestCluster.path("/n19"))).isNull();
        StoreFailure cutOff = failure(follower, TestCluster.create("/late", "x"));
        assertThat(cutOff).isNotNull();
        assertThat(cutOff.rejection().reason()).isEqualTo(RejectReason.NO_QUORUM);

        set(follower, SpaceLevel.ENOUGH);
        await().atMost(PATIENCE).until(() -> cluster.node(follower).view().find(TestCluster.path("/n19")) != null);
        assertThat(failure(follower, TestCluster.create("/late", "x"))).isNull();
    }

    @Test
    void aFullMajorityServesReadsOnlyAndGoesOnWithTheSameLeader() throws Exception {
        assertThat(failure(0, TestCluster.create("/old", "x"))).isNull();
        int leader = cluster.leader();
        for (int i = 0; i < 3; i++) {
            if (i != leader) {
                set(i, SpaceLevel.FULL);
            }
        }
        Command delete = new Command.Delete(TestCluster.path("/none"), false, Command.ANY, Command.ANY, false);
        await().atMost(PATIENCE)
                .until(() -> cluster.propose(leader, delete, null).isCompletedExceptionally());
        assertThat(isRefused(leader, delete)).isTrue();
        assertThat(cluster.node(leader)
                        .linearizableView()
                        .get(20, TimeUnit.SECONDS)
                        .find(TestCluster.path("/old")))
                .isNotNull();
        assertThat(cluster.leader()).isEqualTo(leader);

        for (int i = 0; i < 3; i++) {
            set(i, SpaceLevel.ENOUGH);
        }
        await().atMost(PATIENCE).until(() -> failure(leader, TestCluster.create("/new", "x")) == null);
        assertThat(cluster.leader()).isEqualTo(leader);
    }
}
