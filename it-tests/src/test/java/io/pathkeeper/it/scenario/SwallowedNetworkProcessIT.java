package io.pathkeeper.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.coordination.CampaignRequest;
import io.pathkeeper.client.coordination.Candidacy;
import io.pathkeeper.client.coordination.Leadership;
import io.pathkeeper.client.coordination.LockGrant;
import io.pathkeeper.client.coordination.LockRequest;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.model.SetOptions;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.session.PathkeeperSession;
import io.pathkeeper.client.session.SessionOptions;
import io.pathkeeper.client.session.SessionState;
import io.pathkeeper.it.cluster.Await;
import io.pathkeeper.it.cluster.Cluster;
import io.pathkeeper.it.cluster.ClusterOptions;
import io.pathkeeper.it.cluster.ProcessCluster;
import io.pathkeeper.it.cluster.SwallowingProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The network between a client and all servers becomes a black hole: the client knows by its own clock that its session is lost before the servers hand
 * its lock and its leadership on.
 */
@Timeout(value = 400, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SwallowedNetworkProcessIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(4);
    private static final Duration SLACK = Duration.ofSeconds(15);
    private static final String LOCK = "/locks/swallowed";
    private static final String ELECTION = "/elections/swallowed";

    private final ProcessCluster cluster = ProcessCluster.create("SwallowedNetwork", ClusterOptions.three());
    private final List<SwallowingProxy> network = new ArrayList<>();

    /** The servers tell clients the addresses of the proxies only. */
    @BeforeEach
    void startBehindProxies() {
        cluster.members().forEach(member -> network.add(new SwallowingProxy(cluster.clientAddress(member))));
        for (String member : cluster.members()) {
            List<String> command = new ArrayList<>(cluster.command(member));
            int members = command.indexOf("--members") + 1;
            for (int i = 0; i < network.size(); i++) {
                String direct = cluster.clientAddress(cluster.members().get(i));
                command.set(
                        members,
                        command.get(members)
                                .replace("/" + direct, "/" + network.get(i).address()));
            }
            cluster.start(member, command);
        }
        cluster.awaitReady();
    }

    @AfterEach
    void close() {
        network.forEach(SwallowingProxy::close);
        cluster.close();
    }

    @Test
    void aClientThatHearsNothingHasLostBeforeAnotherOneGetsItsLockAndItsLeadership() {
        try (PathkeeperClient next = cluster.client();
                PathkeeperClient cut = PathkeeperClient.builder()
                        .servers(network.stream().map(SwallowingProxy::address).toArray(String[]::new))
                        .build();
                PathkeeperSession nextSession =
                        next.sessions().open(SessionOptions.defaults().timeout(Duration.ofMinutes(5)));
                PathkeeperSession session =
                        cut.sessions().open(SessionOptions.defaults().timeout(TIMEOUT))) {
            LockGrant grant = cut.locks().acquire(LockRequest.exclusive(LOCK, session));
            Candidacy candidacy = cut.elections().campaign(CampaignRequest.of(ELECTION, session));
            Leadership leadership =
                    candidacy.elected().orTimeout(30, TimeUnit.SECONDS).join();
            AtomicLong lostNanos = new AtomicLong();
            session.whenLost().thenRun(() -> lostNanos.set(System.nanoTime()));
            CompletableFuture<SessionState> whenLocked = next.locks()
                    .acquireAsync(LockRequest.exclusive(LOCK, nextSession))
                    .thenApply(granted -> session.state());
            CompletableFuture<SessionState> whenElected = next.elections()
                    .campaign(CampaignRequest.of(ELECTION, nextSession))
                    .elected()
                    .thenApply(elected -> session.state());
            Await.until(
                    "the next one waits",
                    Cluster.PATIENCE,
                    () -> next.locks().info(LOCK).join().waiterCount() == 1);
            assertThat(session.state()).isEqualTo(SessionState.CONNECTED);

            network.forEach(SwallowingProxy::swallow);
            long swallowed = System.nanoTime();
            assertThat(whenLocked.orTimeout(60, TimeUnit.SECONDS).join())
                    .as("session of the former holder at the moment of the next grant")
                    .isEqualTo(SessionState.LOST);
            assertThat(whenElected.orTimeout(60, TimeUnit.SECONDS).join()).isEqualTo(SessionState.LOST);
            assertThat(grant.isHeld()).isFalse();
            assertThat(leadership.isLeader()).isFalse();
            Await.until("it was told so", SLACK, () -> lostNanos.get() != 0);
            assertThat(TimeUnit.NANOSECONDS.toMillis(lostNanos.get() - swallowed))
                    .isLessThan(TIMEOUT.plus(SLACK).toMillis());
            assertThat(leadership.whenLost()).succeedsWithin(SLACK);

            network.forEach(SwallowingProxy::heal);
            SetOptions guarded = SetOptions.defaults().allowMissing(true).guards(grant.guards());
            Await.until(
                    "the client is heard again",
                    Cluster.PATIENCE,
                    () -> cut.store().sync() > 0);
            assertThatThrownBy(() -> cut.store().set("/swallowed", Value.of(1), guarded))
                    .isInstanceOfSatisfying(
                            PathkeeperException.class,
                            refused -> assertThat(refused.reason()).isEqualTo(Reason.LOCK_NOT_HELD));
            assertThat(session.state()).as("lost for ever").isEqualTo(SessionState.LOST);
        }
    }
}
