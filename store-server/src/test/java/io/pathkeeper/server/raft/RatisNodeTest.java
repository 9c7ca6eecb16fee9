package io.pathkeeper.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pathkeeper.server.id.RequestId;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.state.RevisionChanges;
import io.pathkeeper.server.store.ReadRequest;
import io.pathkeeper.server.store.StoreException;
import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.server.store.StoreService;
import io.pathkeeper.server.store.ViewListener;
import io.pathkeeper.server.tree.TreeView;
import io.pathkeeper.server.tree.Znode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real members on real ports and real files, in one JVM. */
@Timeout(120)
class RatisNodeTest {
    private static final UnaryOperator<NodeSettings> DEFAULTS = UnaryOperator.identity();

    @TempDir
    Path directory;

    private static UnaryOperator<NodeSettings> snapshotsEvery(int entries, int preserved) {
        return s -> new NodeSettings(
                s.clusterId(),
                s.memberId(),
                s.peers(),
                s.directory(),
                s.raftListen(),
                s.electionTimeoutMin(),
                s.electionTimeoutMax(),
                entries,
                s.snapshotBytes(),
                1 << 20,
                preserved,
                s.inFlightEntries(),
                s.maxBatchCommands(),
                s.maxBatchBytes(),
                s.maxPendingCommands(),
                s.maxPendingBytes(),
                s.wallClock(),
                s.space(),
                s.use(),
                s.tls());
    }

    private static CommandResult get(CompletableFuture<CommandResult> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    private static String text(TreeView view, String path) {
        Znode znode = view.find(TestCluster.path(path));
        return znode == null ? "none" : new String(znode.value(), 2, znode.value().length - 2);
    }

    @Test
    void singleServerKeepsWritesAcrossRestart() throws Exception {
        try (TestCluster cluster = new TestCluster(1, directory, DEFAULTS)) {
            cluster.startAll();
            get(cluster.propose(0, TestCluster.create("/a", "one"), null));
            get(cluster.propose(0, TestCluster.set("/a", "two"), null));
            assertThat(cluster.fsyncNanos).hasSizeGreaterThanOrEqualTo(2).allMatch(nanos -> nanos > 0);
            cluster.stop(0);
            cluster.start(0);
            TreeView view = cluster.node(0).linearizableView().get(20, TimeUnit.SECONDS);
            assertThat(text(view, "/a")).isEqualTo("two");
            assertThat(view.revision()).isEqualTo(2);
            assertThat(cluster.fatal).isEmpty();
        }
    }

    @Test
    void whatTheEngineKeepsOfItselfCanBeReadWhileItRuns() throws Exception {
        try (TestCluster cluster = new TestCluster(1, directory, DEFAULTS)) {
            cluster.startAll();
            get(cluster.propose(0, TestCluster.create("/a", "one"), null));
            RatisNode node = cluster.node(0);
            assertThat(reading(node, "log_worker", "flushCount")).isPositive();
            assertThat(reading(node, "leader_election", "electionCount")).isEqualTo(1);
            assertThat(reading(node, "state_machine", "appliedIndex")).isPositive();
            cluster.stop(0);
            assertThat(node.engineReadings()).isEmpty();
        }
    }

    private static double reading(RatisNode node, String part, String name) {
        DoubleSupplier value = node.engineReadings().get(new EngineMeters.Reading(part, name));
        assertThat(value)
                .as(part + " " + name + " of " + node.engineReadings().keySet())
                .isNotNull();
        return value.getAsDouble();
    }

    @Test
    void everyServerAcceptsWritesAndReadsItsOwn() throws Exception {
        try (TestCluster cluster = new TestCluster(3, directory, DEFAULTS)) {
            cluster.startAll();
            cluster.leader();
            for (int i = 0; i < 3; i++) {
                get(cluster.propose(i, TestCluster.create("/n" + i, "v" + i), null));
                assertThat(text(cluster.node(i).view(), "/n" + i)).isEqualTo("v" + i);
            }
            for (int i = 0; i < 3; i++) {
                TreeView view = cluster.node(i).linearizableView().get(10, TimeUnit.SECONDS);
                assertThat(text(view, "/n2")).isEqualTo("v2");
            }
            cluster.digest();
            assertThat(cluster.fatal).isEmpty();
        }
    }

    @Test
    void keepsOrderAndLosesNothingWhenLeaderStopsUnderLoad() throws Exception {
        try (TestCluster cluster = new TestCluster(3, directory, DEFAULTS)) {
            cluster.startAll();
            int follower = cluster.follower();
            List<CompletableFuture<CommandResult>> futures = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                futures.add(
                        cluster.propose(follower, TestCluster.set("/counter", "v" + i), new RequestId("c", i + 1, 0)));
                if (i == 10_000) {
                    cluster.stop(cluster.leader());
                }
                if (i % 1_000 == 0) {
                    get(futures.get(Math.max(0, i - 2_000)));
                }
            }
            long revision = 0;
            for (CompletableFuture<CommandResult> future : futures) {
                CommandResult.Updated updated = (CommandResult.Updated) get(future);
                assertThat(updated.revision()).isEqualTo(revision + 1);
                revision = updated.revision();
            }
            assertThat(text(cluster.node(follower).view(), "/counter")).isEqualTo("v19999");
            cluster.digest();
        }
    }

    @Test
    void serverThatFellBehindIsCaughtUpBySnapshot() throws Exception {
        try (TestCluster cluster = new TestCluster(3, directory, snapshotsEvery(50, 0))) {
            cluster.startAll();
            int late = cluster.follower();
            get(cluster.propose(late, TestCluster.create("/before", "x"), null));
            cluster.stop(late);
            int leader = cluster.leader();
            byte[] filler = new byte[64 << 10];
            java.util.Arrays.fill(filler, (byte) 'f');
            for (int i = 0; i < 200; i++) {
                get(cluster.propose(leader, TestCluster.set("/k" + i, new String(filler) + i), null));
            }
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> cluster.node(leader).status().snapshotIndex() > 100);
            cluster.start(late);
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> cluster.node(late).view().revision() >= 201);
            assertThat(cluster.node(late).status().snapshotIndex()).isGreaterThan(50);
            cluster.digest();
            get(cluster.propose(late, TestCluster.create("/after", "y"), null));
            cluster.digest();
            assertThat(cluster.fatal).isEmpty();
        }
    }

    @Test
    void aSmallStoreNeedsNoManyBytesOfEntriesForASnapshot() throws Exception {
        try (TestCluster cluster = new TestCluster(1, directory, DEFAULTS)) {
            cluster.start(0);
            char[] value = new char[1_000_000];
            java.util.Arrays.fill(value, 'v');
            for (int i = 0; i < 24; i++) {
                get(cluster.propose(0, TestCluster.set("/k", new String(value)), null));
            }
            assertThat(cluster.node(0).status().snapshotIndex())
                    .as("24 MB of entries for one znode")
                    .isNotPositive();
            for (int i = 0; i < 16; i++) {
                get(cluster.propose(0, TestCluster.set("/k", new String(value)), null));
            }
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> cluster.node(0).status().snapshotIndex() > 0);
        }
    }

    @Test
    void emptyServerJoinsAndGetsEverything() throws Exception {
        try (TestCluster cluster = new TestCluster(3, directory, snapshotsEvery(50, 0))) {
            cluster.startAll();
            int wiped = cluster.follower();
            cluster.stop(wiped);
            deleteRecursively(cluster.directory(wiped));
            int leader = cluster.leader();
            for (int i = 0; i < 120; i++) {
                get(cluster.propose(leader, TestCluster.set("/k" + i, "v" + i), null));
            }
            cluster.start(wiped);
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> cluster.node(wiped).view().revision() >= 120);
            cluster.digest();
            assertThat(cluster.fatal).isEmpty();
        }
    }

    @Test
    void anEmptyServerHelpsNobodyToLeadWithoutWhatItHadAcknowledged() throws Exception {
        try (TestCluster cluster = new TestCluster(3, directory, DEFAULTS)) {
            cluster.startAll();
            // who stops before the first entry has reached it has no log, and takes part in the beginning of a cluster,
            // as it should
            get(cluster.propose(cluster.leader(), TestCluster.create("/before", "0"), null));
            cluster.digest();
            int behind = cluster.follower();
            cluster.stop(behind);
            int leader = cluster.leader();
            int wiped = 3 - leader - behind;
            get(cluster.propose(leader, TestCluster.create("/x", "1"), null));
            cluster.stop(leader);
            cluster.stop(wiped);
            deleteRecursively(cluster.directory(wiped));
            // a majority, but the one that is left has never had /x, and the other one has lost it
            cluster.start(wiped);
            cluster.start(behind);
            await().during(Duration.ofSeconds(5))
                    .atMost(Duration.ofSeconds(6))
                    .until(() -> !cluster.node(wiped).status().ready()
                            && !cluster.node(behind).status().ready());
            cluster.start(leader);
            await().atMost(Duration.ofSeconds(40)).until(() -> succeeds(cluster.node(wiped)));
            cluster.digest();
            for (int i = 0; i < 3; i++) {
                assertThat(text(cluster.node(i).view(), "/x")).isEqualTo("1");
            }
        }
    }

    @Test
    void whoseVoteIsWithheldNeitherVotesNorLeadsAndHasItAgainBehindCatchingUp() throws Exception {
        try (TestCluster cluster = new TestCluster(3, directory, DEFAULTS)) {
            cluster.startAll();
            int leader = cluster.leader();
            int withheld = (leader + 1) % 3;
            int other = (leader + 2) % 3;
            get(cluster.propose(leader, TestCluster.create("/x", "1"), null));
            cluster.digest();
            for (int i = 0; i < 3; i++) {
                cluster.stop(i);
            }
            Path file = cluster.directory(withheld).resolve(VotingRight.FILE);
            Files.writeString(file, "stopped while it caught up");
            cluster.start(withheld);
            cluster.start(other);
            await().during(Duration.ofSeconds(5))
                    .atMost(Duration.ofSeconds(6))
                    .until(() -> !cluster.node(withheld).status().ready()
                            && !cluster.node(other).status().ready());
            cluster.start(leader);
            await().atMost(Duration.ofSeconds(40)).until(() -> !Files.exists(file));
            cluster.stop(leader);
            await().atMost(Duration.ofSeconds(40)).until(() -> succeeds(cluster.node(withheld)));
            assertThat(text(cluster.node(withheld).view(), "/x")).isEqualTo("1");
            assertThat(cluster.fatal).isEmpty();
        }
    }

    private static void deleteRecursively(Path top) throws IOException {
        try (Stream<Path> files = Files.walk(top)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void restartFromSnapshotAndLogGivesTheSameTree() throws Exception {
        long digest;
        try (TestCluster cluster = new TestCluster(1, directory, snapshotsEvery(20, 0))) {
            cluster.startAll();
            for (int i = 0; i < 130; i++) {
                get(cluster.propose(0, TestCluster.set("/k" + i % 17, "v" + i), new RequestId("c", i + 1, 0)));
            }
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> cluster.node(0).status().snapshotIndex() > 60);
            digest = cluster.digest();
            cluster.stop(0);
            cluster.start(0);
            cluster.node(0).linearizableView().get(20, TimeUnit.SECONDS);
            assertThat(cluster.digest()).isEqualTo(digest);
            CommandResult repeat = get(cluster.propose(0, TestCluster.set("/k0", "other"), new RequestId("c", 130, 0)));
            assertThat(((CommandResult.Updated) repeat).revision()).isEqualTo(130);
            assertThat(cluster.node(0).view().revision()).isEqualTo(130);
        }
    }

    @Test
    void repeatOnAnotherServerIsAnsweredWithTheFirstResult() throws Exception {
        try (TestCluster cluster = new TestCluster(3, directory, DEFAULTS)) {
            cluster.startAll();
            int follower = cluster.follower();
            RequestId id = new RequestId("client", 1, 0);
            CommandResult first = get(cluster.propose(follower, TestCluster.create("/x", "1"), id));
            int leader = cluster.leader();
            cluster.stop(leader);
            CommandResult second = get(cluster.propose((leader + 1) % 3, TestCluster.create("/x", "1"), id));
            assertThat(second).isInstanceOf(CommandResult.Created.class);
            assertThat(((CommandResult.Created) second).revision())
                    .isEqualTo(((CommandResult.Created) first).revision());
        }
    }

    @Test
    void linearizableReadsGoOnWhenTheLeaderStops() throws Exception {
        try (TestCluster cluster = new TestCluster(3, directory, DEFAULTS)) {
            cluster.startAll();
            int leader = cluster.leader();
            get(cluster.propose(leader, TestCluster.create("/x", "1"), null));
            for (int i = 0; i < 3; i++) {
                cluster.node(i).linearizableView().get(10, TimeUnit.SECONDS);
            }
            cluster.stop(leader);
            // Read all through the election: links to the stopped server are opened, refused and opened again.
            for (int i = 0; i < 3; i++) {
                if (i == leader) {
                    continue;
                }
                int server = i;
                await().atMost(Duration.ofSeconds(20)).until(() -> succeeds(cluster.node(server)));
                for (int k = 0; k < 200; k++) {
                    assertThat(text(cluster.node(server).linearizableView().get(10, TimeUnit.SECONDS), "/x"))
                            .isEqualTo("1");
                }
            }
        }
    }

    private static boolean succeeds(RatisNode node) throws InterruptedException {
        try {
            node.linearizableView().get(10, TimeUnit.SECONDS);
            return true;
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            return false;
        }
    }

    @Test
    void withoutMajorityReadsAndWritesFailHonestly() throws Exception {
        try (TestCluster cluster = new TestCluster(3, directory, DEFAULTS)) {
            cluster.startAll();
            int left = cluster.leader();
            get(cluster.propose(left, TestCluster.create("/x", "1"), null));
            for (int i = 0; i < 3; i++) {
                if (i != left) {
                    cluster.stop(i);
                }
            }
            CompletableFuture<TreeView> read = cluster.node(left).linearizableView();
            assertThat(read).failsWithin(Duration.ofSeconds(20));
            assertThat(failureOf(read).failure().rejection().reason().name()).isIn("NO_QUORUM", "NO_LEADER");
            assertThat(text(cluster.node(left).view(), "/x")).isEqualTo("1");
        }
    }

    @Test
    void aServerThatLostItsDataShowsNothingBeforeItHasCaughtUp() throws Exception {
        try (TestCluster cluster = new TestCluster(3, directory, DEFAULTS)) {
            cluster.startAll();
            cluster.leader();
            get(cluster.propose(0, TestCluster.create("/x", "1"), null));
            for (int i = 0; i < 3; i++) {
                cluster.stop(i);
            }
            deleteRecursively(cluster.directory(0));
            cluster.start(0);
            RatisNode wiped = cluster.node(0);
            try (StoreService store = new StoreService(wiped, wiped, wiped, wiped, 1)) {
                assertThat(localRead(store)).isIn("NO_LEADER", "NO_QUORUM");
                assertThat(wiped.hasOwnView()).isFalse();
                assertThat(wiped.isCaughtUp()).isFalse();
                cluster.start(1);
                cluster.start(2);
                cluster.leader();
                assertThat(localRead(store)).isEqualTo("1");
                assertThat(wiped.hasOwnView()).isTrue();
                assertThat(wiped.isCaughtUp()).isTrue();
            }
        }
    }

    @Test
    void aServerThatBeganWithItsSnapshotShowsItAlone() throws Exception {
        try (TestCluster cluster = new TestCluster(3, directory, snapshotsEvery(20, 5))) {
            cluster.startAll();
            cluster.leader();
            for (int i = 0; i < 60; i++) {
                get(cluster.propose(0, TestCluster.set("/x", "1"), null));
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> hasSnapshot(cluster.directory(0)));
            for (int i = 0; i < 3; i++) {
                cluster.stop(i);
            }
            cluster.start(0);
            RatisNode alone = cluster.node(0);
            try (StoreService store = new StoreService(alone, alone, alone, alone, 1)) {
                assertThat(localRead(store)).isEqualTo("1");
                assertThat(alone.hasOwnView()).isTrue();
                assertThat(alone.isCaughtUp()).isFalse();
            }
        }
    }

    /** The text of /x in what a server shows as it is, or the reason why it shows nothing. */
    private static String localRead(StoreService store) {
        CompletableFuture<String> told = new CompletableFuture<>();
        store.read(
                new ReadRequest(ReadRequest.Consistency.LOCAL, 0, 0),
                System.nanoTime() + TimeUnit.SECONDS.toNanos(20),
                new ViewListener() {
                    @Override
                    public void view(TreeView view) {
                        told.complete(text(view, "/x"));
                    }

                    @Override
                    public void failed(StoreFailure failure) {
                        told.complete(failure.rejection().reason().name());
                    }
                });
        return told.join();
    }

    private static boolean hasSnapshot(Path data) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            return files.anyMatch(file -> file.getFileName().toString().matches("snapshot\\.\\d+_\\d+"));
        }
    }

    private static StoreException failureOf(CompletableFuture<?> future) {
        try {
            future.join();
            throw new AssertionError("did not fail");
        } catch (CompletionException e) {
            return (StoreException) e.getCause();
        }
    }

    @Test
    void everyServerPublishesTheSameChangesInOrder() throws Exception {
        try (TestCluster cluster = new TestCluster(3, directory, DEFAULTS)) {
            cluster.startAll();
            cluster.leader();
            for (int i = 0; i < 60; i++) {
                get(cluster.propose(i % 3, TestCluster.set("/k" + i % 5, "v" + i), null));
            }
            cluster.digest();
            for (int i = 0; i < 3; i++) {
                assertThat(cluster.published.get(i).stream().map(RevisionChanges::revision))
                        .containsExactlyElementsOf(java.util.stream.LongStream.rangeClosed(1, 60)
                                .boxed()
                                .toList());
            }
        }
    }
}
