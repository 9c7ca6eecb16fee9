package io.pathkeeper.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.state.StateLimits;
import io.pathkeeper.server.tree.TreeView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three real members, the third of which refuses what the others apply. */
@Timeout(180)
class DivergedMemberTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int VICTIM = 2;

    @TempDir
    Path directory;

    private TestCluster cluster;

    @BeforeEach
    void start() throws Exception {
        cluster = new TestCluster(3, directory, s -> s);
        cluster.limits = i -> i == VICTIM ? StateLimits.DEFAULT.withMaxZnodes(2) : StateLimits.DEFAULT;
        cluster.startAll();
        if (cluster.leader() == VICTIM) {
            assertThat(cluster.node(VICTIM).handOver()).isTrue();
            await().atMost(PATIENCE).until(() -> cluster.leader() != VICTIM);
        }
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void theOthersKnowOfAServerWhoseStateDiffersUntilItWasFoundEqual() throws Exception {
        for (String path : new String[] {"/a", "/b"}) {
            CommandResult made =
                    cluster.propose(0, TestCluster.create(path, "x"), null).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(made).isInstanceOf(CommandResult.Created.class);
        }
        // the leader has its state compared about every ten seconds
        for (int i = 0; i < VICTIM; i++) {
            RatisNode other = cluster.node(i);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(other.divergedMembers()).containsExactly("s3"));
        }
        assertThat(cluster.fatal).allSatisfy(cause -> assertThat(cause).startsWith("s3 DIVERGED"));
        assertThat(cluster.node(VICTIM).divergedMembers()).isEmpty();

        cluster.stop(VICTIM);
        cluster.limits = i -> StateLimits.DEFAULT;
        cluster.start(VICTIM);
        for (int i = 0; i < VICTIM; i++) {
            RatisNode other = cluster.node(i);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(other.divergedMembers()).isEmpty());
        }
        TreeView view = cluster.node(VICTIM).view();
        assertThat(view.find(TestCluster.path("/b"))).isNotNull();
    }
}
