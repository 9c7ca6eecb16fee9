package io.pathkeeper.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pathkeeper.server.store.ClusterAlarms;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Any of three real members tells the alarms of all. */
@Timeout(120)
class RatisAlarmsTest {
    private static final ClusterAlarms.Standing OLD = new ClusterAlarms.Standing("NOSPACE", "data.dir", "make room", 1);
    private static final ClusterAlarms.Standing NEW = new ClusterAlarms.Standing("SOON", "x", "look at it", 2);

    @TempDir
    Path directory;

    @Test
    void anyMemberTellsTheAlarmsOfAllAndWhoCouldNotBeReached() throws Exception {
        try (TestCluster cluster = new TestCluster(3, directory, s -> s)) {
            cluster.startAll();
            cluster.leader();
            cluster.node(2).showAlarms(() -> List.of(OLD));
            cluster.node(0).showAlarms(() -> List.of(NEW));
            for (int i = 0; i < 3; i++) {
                int server = i;
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(() -> assertThat(list(cluster.node(server)))
                                .isEqualTo(new ClusterAlarms.Listing(
                                        List.of(
                                                new ClusterAlarms.OfMember("s3", OLD),
                                                new ClusterAlarms.OfMember("s1", NEW)),
                                        List.of())));
            }

            cluster.stop(2);
            assertThat(list(cluster.node(0)))
                    .isEqualTo(
                            new ClusterAlarms.Listing(List.of(new ClusterAlarms.OfMember("s1", NEW)), List.of("s3")));
        }
    }

    private static ClusterAlarms.Listing list(RatisNode node) throws Exception {
        CompletableFuture<ClusterAlarms.Listing> listing = new CompletableFuture<>();
        node.alarms().list(listing::complete);
        return listing.get(20, TimeUnit.SECONDS);
    }
}
