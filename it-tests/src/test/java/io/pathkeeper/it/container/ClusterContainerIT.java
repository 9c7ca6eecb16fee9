package io.pathkeeper.it.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.testcontainers.PathkeeperCluster;
import io.pathkeeper.testcontainers.PathkeeperContainer;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three servers in containers, one of which is always in trouble while writes go on. */
@Tag("container")
class ClusterContainerIT {
    /** A client's own time limit is longer, so that nothing fails by itself; an election on a busy machine takes less. */
    private static final double LONGEST_SECONDS = 10;

    private final PathkeeperCluster cluster = new PathkeeperCluster(Images.tested(), 3);

    @BeforeEach
    void start() {
        cluster.start();
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    /** Does something to the cluster while a client writes, which must go on behind it. */
    private void whileWriting(Runnable trouble) throws InterruptedException {
        try (PathkeeperClient client = cluster.newClient()) {
            SteadyWriter writer = new SteadyWriter(client);
            try (writer) {
                goesOn(writer);
                trouble.run();
                goesOn(writer);
            }
            assertThat(writer.faults()).isEmpty();
            System.out.printf("%,d writes, the longest took %.2f s%n", writer.acknowledged(), writer.longestSeconds());
            assertThat(writer.longestSeconds()).isLessThan(LONGEST_SECONDS);
            for (String address : cluster.addresses()) {
                try (PathkeeperClient one =
                        PathkeeperClient.builder().servers(address).build()) {
                    assertThat(one.store().get("/steady").value()).isEqualTo(Value.of(writer.acknowledged()));
                }
            }
        }
    }

    private static void goesOn(SteadyWriter writer) {
        long before = writer.acknowledged();
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> writer.acknowledged() > before + 20);
    }

    @Test
    void goesOnWithoutALeaderThatIsKilled() throws InterruptedException {
        whileWriting(() -> {
            int leader = cluster.leader();
            cluster.kill(leader);
            cluster.startAgain(leader);
        });
    }

    @Test
    void goesOnWithoutALeaderThatIsPausedOrCutOff() throws InterruptedException {
        whileWriting(() -> {
            int leader = cluster.leader();
            cluster.pause(leader);
            assertThat(awaitLeaderBut(leader)).isNotEqualTo(leader);
            cluster.unpause(leader);
            int next = cluster.leader();
            cluster.cutOff(next);
            assertThat(awaitLeaderBut(next)).isNotEqualTo(next);
            cluster.reconnect(next);
        });
    }

    private int awaitLeaderBut(int former) {
        return Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .ignoreException(IllegalStateException.class)
                .until(cluster::leader, leader -> leader != former);
    }

    @Test
    void rollingRestartFailsNoWrite() throws InterruptedException {
        whileWriting(() -> {
            for (int server = 1; server <= 3; server++) {
                cluster.stop(server);
                cluster.startAgain(server);
            }
        });
    }

    @Test
    void isUpgradedInPlaceWithItsDataWhileItServes() throws InterruptedException {
        try (PathkeeperClient client = cluster.newClient()) {
            client.store().create("/before", Value.of("kept"));
        }
        whileWriting(() -> {
            for (int server = 1; server <= 3; server++) {
                cluster.upgrade(server, Images.other());
                PathkeeperContainer now = cluster.server(server);
                assertThat(now.getDockerImageName()).isEqualTo(Images.other());
            }
        });
        try (PathkeeperClient client = cluster.newClient()) {
            assertThat(client.store().get("/before").value()).isEqualTo(Value.of("kept"));
        }
    }
}
