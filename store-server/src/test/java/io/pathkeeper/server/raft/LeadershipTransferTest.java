package io.pathkeeper.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Leadership handed over on purpose, between real members in one JVM. */
@Timeout(120)
class LeadershipTransferTest {
    /** Long enough that an election that nobody asked for would be seen as one. */
    private static final Duration ELECTION = Duration.ofSeconds(6);

    @TempDir
    Path directory;

    private static UnaryOperator<NodeSettings> electionTimeout(Duration min) {
        return s -> new NodeSettings(
                s.clusterId(),
                s.memberId(),
                s.peers(),
                s.directory(),
                s.raftListen(),
                min,
                min.multipliedBy(2),
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
                s.use(),
                s.tls());
    }

    @Test
    void aStoppedLeaderCostsWritersNoElectionTimeout() throws Exception {
        try (TestCluster cluster = new TestCluster(3, directory, electionTimeout(ELECTION))) {
            cluster.startAll();
            int leader = cluster.leader();
            int follower = cluster.follower();
            cluster.propose(leader, TestCluster.create("/a", "one"), null).get(30, TimeUnit.SECONDS);

            long begin = System.nanoTime();
            assertThat(cluster.node(leader).handOver()).isTrue();
            cluster.stop(leader);
            cluster.propose(follower, TestCluster.set("/a", "two"), null).get(30, TimeUnit.SECONDS);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(ELECTION);
        }
    }

    @Test
    void aServerThatFollowsOrIsAloneKeepsQuiet() throws Exception {
        try (TestCluster cluster = new TestCluster(3, directory.resolve("three"), UnaryOperator.identity())) {
            cluster.startAll();
            assertThat(cluster.leader()).isNotNegative();
            assertThat(cluster.node(cluster.follower()).handOver()).isFalse();
        }
        try (TestCluster cluster = new TestCluster(1, directory.resolve("one"), UnaryOperator.identity())) {
            cluster.startAll();
            cluster.propose(0, TestCluster.create("/a", "one"), null).get(30, TimeUnit.SECONDS);
            assertThat(cluster.node(0).handOver()).isFalse();
        }
    }

    @Test
    void givesUpInTimeWhenNobodyCanTakeOver() throws Exception {
        try (TestCluster cluster = new TestCluster(3, directory, UnaryOperator.identity())) {
            cluster.startAll();
            int leader = cluster.leader();
            for (int i = 0; i < 3; i++) {
                if (i != leader) {
                    cluster.stop(i);
                }
            }
            long begin = System.nanoTime();
            assertThat(cluster.node(leader).handOver()).isFalse();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
        }
    }
}
