package io.pathkeeper.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.coordination.LockGrant;
import io.pathkeeper.client.coordination.LockRequest;
import io.pathkeeper.client.model.SetOptions;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.session.PathkeeperSession;
import io.pathkeeper.it.cluster.Await;
import io.pathkeeper.it.cluster.Cluster;
import io.pathkeeper.it.cluster.ClusterOptions;
import io.pathkeeper.it.cluster.ProcessCluster;
import io.pathkeeper.it.coordination.HolderProgram;
import io.pathkeeper.it.process.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A program that holds a lock is stopped for longer than its session lives and goes on, without having noticed anything. */
class PausedClientProcessIT {
    private static final String LOCK = "/locks/paused";
    private static final String WROTE = "WROTE revision ";
    private static final String VALUE = "/protected";

    @Test
    @Timeout(value = 400, unit = TimeUnit.SECONDS)
    void aHolderThatWasPausedPastItsTimeKnowsThatItLostAndItsGuardedWritesAreRefused() {
        try (ProcessCluster cluster = ProcessCluster.started("PausedClient", ClusterOptions.three());
                PathkeeperClient client = cluster.client()) {
            Path directory = cluster.dataDirectory("s1").getParent();
            ServerProcess holder = ServerProcess.start(
                    List.of(
                            ServerProcess.java(),
                            "-Xmx256m",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            HolderProgram.class.getName(),
                            String.join(
                                    ",",
                                    cluster.members().stream()
                                            .map(cluster::clientAddress)
                                            .toList()),
                            LOCK,
                            VALUE),
                    directory,
                    directory.resolve("holder.log"));
            try {
                Await.until("it holds and writes", Cluster.PATIENCE, () -> said(holder, "WROTE"));
                holder.pause();
                try (PathkeeperSession session = client.sessions().open()) {
                    LockGrant grant = client.locks().acquire(LockRequest.exclusive(LOCK, session));
                    client.store()
                            .set(
                                    VALUE,
                                    Value.of("the next one's"),
                                    SetOptions.defaults().guards(grant.guards()));
                    long revision = client.store().get(VALUE).stat().modifiedRevision();
                    holder.resume();
                    Await.until("it says that it lost", Duration.ofSeconds(30), () -> said(holder, "LOST"));
                    Await.until("it is refused", Duration.ofSeconds(30), () -> said(holder, "REFUSED"));

                    assertThat(holder.log())
                            .contains("REFUSED LOCK_NOT_HELD")
                            .contains("LOST session LOST, lock held false");
                    // the answer to its last write may have reached it behind the pause
                    assertThat(holder.log().lines().filter(line -> line.startsWith(WROTE)))
                            .allSatisfy(line -> assertThat(Long.parseLong(line.substring(WROTE.length())))
                                    .isLessThan(grant.token()));
                    assertThat(client.store().get(VALUE).stat().modifiedRevision())
                            .isEqualTo(revision);
                    grant.release().join();
                }
            } finally {
                holder.kill();
            }
        }
    }

    private static boolean said(ServerProcess process, String word) {
        return process.log().lines().anyMatch(line -> line.startsWith(word));
    }
}
