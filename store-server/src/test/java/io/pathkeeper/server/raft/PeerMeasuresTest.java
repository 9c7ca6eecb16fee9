package io.pathkeeper.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the leader knows of its way to the others. */
@Timeout(120)
class PeerMeasuresTest {
    @TempDir
    private Path directory;

    @Test
    void theLeaderMeasuresItsQuestionsAndCountsThoseThatAreNotAnswered() throws Exception {
        try (TestCluster cluster = new TestCluster(3, directory, settings -> settings)) {
            cluster.startAll();
            int leader = cluster.leader();
            int follower = cluster.follower();
            int third = 3 - leader - follower;
            RatisNode node = cluster.node(leader);
            String silent = cluster.peer(follower).id();
            String healthy = cluster.peer(third).id();
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                node.linearizableView().get(10, TimeUnit.SECONDS);
                return node.peerRttSeconds(silent) > 0 && node.peerRttSeconds(healthy) > 0;
            });
            long before = node.peerFailures(silent);
            assertThat(node.peerRttSeconds("nobody")).isNaN();

            cluster.stop(follower);

            await().atMost(Duration.ofSeconds(20)).until(() -> {
                node.linearizableView().get(10, TimeUnit.SECONDS);
                return node.peerFailures(silent) > before;
            });
            assertThat(node.peerFailures("nobody")).isZero();
        }
    }
}
