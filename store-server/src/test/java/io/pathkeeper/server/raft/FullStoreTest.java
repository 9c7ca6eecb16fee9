package io.pathkeeper.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.store.StoreException;
import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.server.store.StoreUse;
import io.pathkeeper.server.tree.ZnodeKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three real members whose store may have a hundred znodes. */
@Timeout(120)
class FullStoreTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final StoreUse.Limits LIMITS = new StoreUse.Limits(100, 1_000_000);

    @TempDir
    Path directory;

    private final Map<String, StoreUse> uses = new ConcurrentHashMap<>();
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
                        s.space(),
                        uses.computeIfAbsent(s.memberId(), id -> new StoreUse(LIMITS)),
                        s.tls()));
        cluster.startAll();
        cluster.leader();
    }

    @AfterEach
    void stop() {
        cluster.close();
        assertThat(cluster.fatal).isEmpty();
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

    private static Command delete(String path) {
        return new Command.Delete(TestCluster.path(path), false, Command.ANY, Command.ANY, false);
    }

    /** Brings the store to 96 znodes with the root. */
    private void fill() throws Exception {
        List<CompletableFuture<CommandResult>> made = new ArrayList<>();
        for (int i = 0; i < 95; i++) {
            made.add(cluster.propose(0, TestCluster.create("/n" + i, "x"), null));
        }
        for (CompletableFuture<CommandResult> one : made) {
            assertThat(one.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isNotInstanceOf(CommandResult.Rejected.class);
        }
        assertThat(cluster.node(0).view().znodeCount()).isEqualTo(96);
    }

    private void awaitRefusals() {
        for (int i = 0; i < 3; i++) {
            int server = i;
            await().atMost(PATIENCE).until(() -> failure(server, TestCluster.set("/n1", "y")) != null);
        }
    }

    @Test
    void everyServerRefusesWhatAddsUntilSomethingWasDeleted() throws Exception {
        fill();
        awaitRefusals();
        for (int i = 0; i < 3; i++) {
            StoreFailure refused = failure(i, TestCluster.create("/late", "x"));
            assertThat(refused).as("server %d", i).isNotNull();
            assertThat(refused.outcome()).isEqualTo(StoreFailure.Outcome.NOT_APPLIED);
            assertThat(refused.rejection().reason()).isEqualTo(RejectReason.MEMORY);
            assertThat(refused.rejection().metadata())
                    .containsOnly(
                            Map.entry("kind", "znodes"),
                            Map.entry("used", "96"),
                            Map.entry("limit", "100"),
                            Map.entry("retry_after_ms", "1000"));
            assertThat(refused.rejection().message()).contains("96 znodes", "limits.max_nodes is 100");
        }

        Command session = new Command.CreateSession(new byte[32], 10_000, "", new TreeMap<>(), "");
        Command create = new Command.Create(
                TestCluster.path("/_sys/test"),
                ZnodeKind.PERSISTENT,
                new byte[0],
                "",
                false,
                ZnodeKind.PERSISTENT,
                0,
                false,
                null,
                false);
        Command record = new Command.Internal(new Command.Transact(List.of(), List.of(create), List.of()));
        for (int i = 0; i < 3; i++) {
            assertThat(failure(i, session)).isNull();
        }
        assertThat(failure(cluster.follower(), record)).isNull();
        for (int i = 0; i < 9; i++) {
            assertThat(failure(0, delete("/n" + i))).isNull();
        }
        assertThat(cluster.node(0).view().znodeCount()).isEqualTo(89);
        for (int i = 0; i < 3; i++) {
            int server = i;
            await().atMost(PATIENCE).until(() -> failure(server, TestCluster.set("/n" + (20 + server), "y")) == null);
        }
    }

    @Test
    void aServerThatBeginsToLeadRefusesTheSame() throws Exception {
        fill();
        awaitRefusals();
        int before = cluster.leader();
        assertThat(cluster.node(before).handOver()).isTrue();
        await().atMost(PATIENCE).until(() -> cluster.leader() != before);
        awaitRefusals();
        assertThat(cluster.node(before).view().znodeCount()).isEqualTo(96);
    }

    @Test
    void theLimitsOfTheLeaderCount() throws Exception {
        int follower = cluster.follower();
        String name = "s" + (follower + 1);
        uses.get(name).changed(1_000, 0);
        assertThat(uses.get(name).full()).isNotNull();
        assertThat(failure(follower, TestCluster.create("/a", "x"))).isNull();
    }
}
