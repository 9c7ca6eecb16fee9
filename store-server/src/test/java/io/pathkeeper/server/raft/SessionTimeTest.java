package io.pathkeeper.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pathkeeper.server.expiry.SessionKeeper;
import io.pathkeeper.server.id.SessionKey;
import io.pathkeeper.server.metrics.SessionMeters;
import io.pathkeeper.server.state.Command;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.state.Guard;
import io.pathkeeper.server.state.RevisionChanges;
import io.pathkeeper.server.store.SessionRenewal.RenewListener;
import io.pathkeeper.server.store.SessionTimer;
import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.server.tree.ZnodeKind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sessions on real members: who is kept alive lives, who is not ends, whoever leads. */
@Timeout(120)
class SessionTimeTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final ConcurrentHashMap<Integer, SessionKeeper> keepers = new ConcurrentHashMap<>();

    private boolean ignoresWhatIsHeard;

    @TempDir
    Path directory;

    /** Counts renewals only. */
    private record DeafTimer(SessionKeeper keeper) implements SessionTimer {
        @Override
        public long[] touch(long[] sessionIds) {
            return keeper.touch(sessionIds);
        }

        @Override
        public void leaderReady(long term) {
            keeper.leaderReady(term);
        }

        @Override
        public void notLeader() {
            keeper.notLeader();
        }

        @Override
        public void changed(List<RevisionChanges> changes) {
            keeper.changed(changes);
        }

        @Override
        public void heard(long[] sessionIds) {}

        @Override
        public void tick(long nowNanos) {
            keeper.tick(nowNanos);
        }
    }

    private TestCluster cluster() throws IOException {
        TestCluster cluster = new TestCluster(3, directory, UnaryOperator.identity());
        cluster.timers = i -> {
            SessionKeeper keeper =
                    new SessionKeeper(Duration.ofSeconds(1).toNanos(), SessionMeters.NONE, System::nanoTime);
            keepers.put(i, keeper);
            return ignoresWhatIsHeard ? new DeafTimer(keeper) : keeper;
        };
        for (int i = 0; i < 3; i++) {
            start(cluster, i);
        }
        return cluster;
    }

    private void start(TestCluster cluster, int i) throws IOException {
        cluster.start(i);
        SessionKeeper keeper = keepers.get(i);
        if (keeper != null) {
            keeper.start(cluster.node(i), cluster.node(i), cluster.node(i));
        }
    }

    private static CompletableFuture<SessionKey> open(TestCluster cluster, int i, long timeoutMillis) {
        Command create = new Command.CreateSession(new byte[32], timeoutMillis, "", new TreeMap<>(), "");
        return cluster.propose(i, create, null)
                .thenApply(result ->
                        ((CommandResult.SessionOpened) result).session().key());
    }

    private static CompletableFuture<CommandResult> ephemeral(TestCluster cluster, int i, SessionKey owner) {
        return cluster.propose(
                i,
                new Command.Create(
                        TestCluster.path("/e" + owner.id()),
                        ZnodeKind.EPHEMERAL,
                        TestCluster.value("x"),
                        "",
                        false,
                        null,
                        0,
                        false,
                        owner,
                        false),
                null);
    }

    private static CompletableFuture<long[]> renew(TestCluster cluster, int i, List<SessionKey> sessions) {
        CompletableFuture<long[]> future = new CompletableFuture<>();
        cluster.node(i).renew(sessions.stream().mapToLong(SessionKey::id).toArray(), new RenewListener() {
            @Override
            public void renewed(long[] refused) {
                future.complete(refused);
            }

            @Override
            public void failed(StoreFailure failure) {
                future.completeExceptionally(failure.toException());
            }
        });
        return future;
    }

    @Test
    void renewsOnEveryServerAndEndsWhoIsNotHeard() throws Exception {
        try (TestCluster cluster = cluster()) {
            cluster.leader();
            long begun = System.nanoTime();
            SessionKey kept = open(cluster, 0, 5_000).get(30, TimeUnit.SECONDS);
            SessionKey silent = open(cluster, 1, 5_000).get(30, TimeUnit.SECONDS);
            long lastRenewal = begun;
            int turn = 0;
            while (cluster.node(cluster.leader()).sessions().find(silent.id()) != null) {
                lastRenewal = System.nanoTime();
                assertThat(renew(cluster, turn++ % 3, List.of(kept)).get(10, TimeUnit.SECONDS))
                        .isEmpty();
                assertThat(lastRenewal - begun).isLessThan(SOON.toNanos());
            }
            assertThat(System.nanoTime() - begun).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(4_900));
            assertThat(cluster.node(0).sessions().find(kept.id())).isNotNull();

            await().atMost(SOON)
                    .until(() -> cluster.node(0).sessions().count() == 0
                            && cluster.node(1).sessions().count() == 0
                            && cluster.node(2).sessions().count() == 0);
            assertThat(System.nanoTime() - lastRenewal).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(4_900));
            cluster.digest();
            assertThat(cluster.fatal).isEmpty();
        }
    }

    @Test
    void leaderThatStopsInTheMiddleLosesNoSessionAndLeaksNone() throws Exception {
        try (TestCluster cluster = cluster()) {
            int first = cluster.leader();
            int follower = cluster.follower();
            List<CompletableFuture<SessionKey>> opened = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                opened.add(open(cluster, i % 3, 8_000));
            }
            List<SessionKey> kept = new ArrayList<>();
            List<SessionKey> silent = new ArrayList<>();
            List<CompletableFuture<CommandResult>> created = new ArrayList<>();
            for (CompletableFuture<SessionKey> each : opened) {
                SessionKey key = each.get(30, TimeUnit.SECONDS);
                (kept.size() == silent.size() ? kept : silent).add(key);
                created.add(ephemeral(cluster, follower, key));
            }
            for (CompletableFuture<CommandResult> each : created) {
                assertThat(each.get(30, TimeUnit.SECONDS)).isInstanceOf(CommandResult.Created.class);
            }
            assertThat(renew(cluster, follower, kept).get(10, TimeUnit.SECONDS)).isEmpty();

            cluster.stop(first);

            await().atMost(SOON).until(() -> succeeds(renew(cluster, follower, kept)));
            await().atMost(SOON).until(() -> {
                succeeds(renew(cluster, follower, kept));
                return cluster.node(follower).sessions().count() == kept.size();
            });
            for (SessionKey key : kept) {
                assertThat(cluster.node(follower).sessions().find(key.id())).isNotNull();
                assertThat(cluster.node(follower).view().find(TestCluster.path("/e" + key.id())))
                        .isNotNull();
            }
            for (SessionKey key : silent) {
                assertThat(cluster.node(follower).view().find(TestCluster.path("/e" + key.id())))
                        .isNull();
            }
            start(cluster, first);
            await().atMost(SOON)
                    .until(() -> cluster.node(first).sessions().count()
                            == cluster.node(follower).sessions().count());
            cluster.digest();
            assertThat(cluster.fatal).isEmpty();
        }
    }

    private static boolean succeeds(CompletableFuture<long[]> renewal) throws InterruptedException {
        try {
            return renewal.get(20, TimeUnit.SECONDS).length == 0;
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            return false;
        }
    }

    @Test
    void leaderWithoutAMajorityRenewsNobodyAndEndsNobody() throws Exception {
        try (TestCluster cluster = cluster()) {
            int leader = cluster.leader();
            long timeoutMillis = 5_000; // a server takes a second to stop: there is a majority until both have
            SessionKey key = open(cluster, leader, timeoutMillis).get(30, TimeUnit.SECONDS);
            long opened = System.nanoTime();
            IntStream.range(0, 3).parallel().filter(i -> i != leader).forEach(cluster::stop);
            CompletableFuture<long[]> renewal = renew(cluster, leader, List.of(key));

            assertThat(renewal).failsWithin(SOON);
            await().atMost(SOON)
                    .until(() -> System.nanoTime() - opened > TimeUnit.MILLISECONDS.toNanos(timeoutMillis + 1_000));
            assertThat(cluster.node(leader).sessions().find(key.id())).isNotNull();
        }
    }

    @Test
    void manySessionsThatEndAtOnceShareTheirEntries() throws Exception {
        int count = 2_000;
        try (TestCluster cluster = cluster()) {
            int leader = cluster.leader();
            List<CompletableFuture<SessionKey>> opened = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                opened.add(open(cluster, leader, 15_000));
            }
            for (CompletableFuture<SessionKey> each : opened) {
                each.get(30, TimeUnit.SECONDS);
            }
            assertThat(cluster.node(leader).sessions().count()).isEqualTo(count);
            long before = cluster.node(leader).status().appliedIndex();

            await().atMost(Duration.ofSeconds(60))
                    .until(() -> cluster.node(leader).sessions().count() == 0);

            long entries = cluster.node(leader).status().appliedIndex() - before;
            System.out.println("SessionTimeTest: " + count + " sessions ended in " + entries + " entries");
            assertThat(entries).isLessThan(count / 10);
        }
    }

    @Test
    void whoseWritesCarryTheSessionNeedsNoKeepAlive() throws Exception {
        try (TestCluster cluster = cluster()) {
            assertThat(keepsAliveByWritingFor(cluster, Duration.ofSeconds(5))).isTrue();
            cluster.digest();
        }
    }

    @Test
    void aLeaderThatDoesNotCountWritesIsFound() throws Exception {
        ignoresWhatIsHeard = true;
        try (TestCluster cluster = cluster()) {
            assertThat(keepsAliveByWritingFor(cluster, SOON)).isFalse();
        }
    }

    /** Whether a session of a second and a half lives as long as its client writes, through all servers, without a renewal. */
    private static boolean keepsAliveByWritingFor(TestCluster cluster, Duration time) throws Exception {
        cluster.leader();
        SessionKey key = open(cluster, 0, 1_500).get(30, TimeUnit.SECONDS);
        Command guarded = new Command.Guarded(List.of(new Guard.SessionOpen(key)), TestCluster.set("/x", "v"));
        long begun = System.nanoTime();
        for (int turn = 0; System.nanoTime() - begun < time.toNanos(); turn++) {
            if (cluster.propose(turn % 3, guarded, null).get(30, TimeUnit.SECONDS) instanceof CommandResult.Rejected) {
                return false;
            }
        }
        return true;
    }
}
