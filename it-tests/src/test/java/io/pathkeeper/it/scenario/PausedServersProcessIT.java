package io.pathkeeper.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.it.cluster.Await;
import io.pathkeeper.it.cluster.Cluster;
import io.pathkeeper.it.cluster.ClusterKind;
import io.pathkeeper.it.cluster.ClusterOptions;
import io.pathkeeper.it.cluster.PinnedServer;
import io.pathkeeper.it.cluster.ProcessCluster;
import io.pathkeeper.it.coordination.KeepAlives;
import io.pathkeeper.it.process.ServerProcess;
import io.pathkeeper.v1.Session;
import io.pathkeeper.v1.SessionKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Servers that stand still (SIGSTOP) keep their connections and answer nothing: no session pays for it. */
class PausedServersProcessIT extends CoordinationScenarios {
    private static final Duration TIMEOUT = Duration.ofSeconds(4);

    PausedServersProcessIT() {
        super(ClusterKind.PROCESSES, ClusterOptions.three());
    }

    @Test
    void aLeaderWhoseFollowersStandStillEndsNobody() {
        SessionKey session = anyServer().open(TIMEOUT, "patient");
        anyServer().createEphemeral(session, "/patient/one");
        String leader = cluster().awaitLeader();
        List<ServerProcess> followers = cluster().members().stream()
                .filter(member -> !member.equals(leader))
                .map(this::process)
                .toList();
        followers.forEach(ServerProcess::pause);
        try {
            awaitElapsed(System.nanoTime(), TIMEOUT.multipliedBy(3));
            int at = cluster().members().indexOf(leader);
            assertThat(sessions(at)).extracting(Session::getId).contains(session.getId());
        } finally {
            followers.forEach(ServerProcess::resume);
        }

        assertThat(anyServer().renew(session)).isPositive();
        assertThat(exists("/patient/one")).isTrue();
        anyServer().close(session);
    }

    @Test
    void aFormerLeaderThatWakesUpEndsNobodyWhoWasHeardByTheNextOne() {
        ConcurrentLinkedQueue<Long> lost = new ConcurrentLinkedQueue<>();
        String former = cluster().awaitLeader();
        int next = (cluster().members().indexOf(former) + 1) % servers().size();
        int last = (next + 1) % servers().size();
        try (KeepAlives keepAlives =
                new KeepAlives(List.of(servers().get(next), servers().get(last)), TIMEOUT.dividedBy(4), lost::add)) {
            SessionKey session = only(next).open(TIMEOUT, "heard");
            only(next).createEphemeral(session, "/heard/one");
            keepAlives.add(session);
            process(former).pause();
            try {
                Await.until(
                        "another server leads",
                        Cluster.PATIENCE,
                        () -> !leaderKnownTo(next).equals(former));
                awaitElapsed(System.nanoTime(), TIMEOUT.multipliedBy(2));
                assertThat(lost).isEmpty();
            } finally {
                process(former).resume();
            }
            cluster().awaitReady();
            awaitElapsed(System.nanoTime(), TIMEOUT.plusSeconds(2));
            assertThat(lost).isEmpty();
            assertThat(exists("/heard/one")).isTrue();
            anyServer().close(session);
        }
    }

    private String leaderKnownTo(int server) {
        try (PinnedServer pinned = cluster().pin(cluster().members().get(server))) {
            return pinned.leaderAsKnown().orElseThrow();
        }
    }

    private ServerProcess process(String member) {
        return ((ProcessCluster) cluster()).process(member);
    }
}
