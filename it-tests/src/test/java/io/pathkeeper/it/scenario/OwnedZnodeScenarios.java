package io.pathkeeper.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.it.cluster.Await;
import io.pathkeeper.it.cluster.Cluster;
import io.pathkeeper.it.cluster.ClusterKind;
import io.pathkeeper.it.cluster.ClusterOptions;
import io.pathkeeper.it.cluster.PinnedServer;
import io.pathkeeper.it.coordination.ServerStubs;
import io.pathkeeper.v1.Consistency;
import io.pathkeeper.v1.GetLockRequest;
import io.pathkeeper.v1.ReadOptions;
import io.pathkeeper.v1.ScanSubtreeRequest;
import io.pathkeeper.v1.Session;
import io.pathkeeper.v1.SessionKey;
import io.pathkeeper.v1.SyncRequest;
import io.pathkeeper.v1.View;
import io.pathkeeper.v1.Znode;
import io.pathkeeper.v1.ZnodeKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** No ephemeral znode is without its session on any server, whatever a server gets its state from. */
abstract class OwnedZnodeScenarios extends CoordinationScenarios {
    private static final ReadOptions LOCAL = ReadOptions.newBuilder()
            .setConsistency(Consistency.CONSISTENCY_LOCAL)
            .build();

    OwnedZnodeScenarios(ClusterKind kind) {
        super(kind, ClusterOptions.threeWithFrequentSnapshots());
    }

    @Test
    void everyServerHasTheSameSessionsZnodesAndLocksBehindASnapshotAndRestarts() {
        try (PathkeeperClient client = cluster().client()) {
            var kept = new ArrayList<SessionKey>();
            for (int i = 0; i < 20; i++) {
                SessionKey session = anyServer().open(LONG, "owner-" + i);
                anyServer().createEphemeral(session, "/owned/" + i + "-a");
                anyServer().createEphemeral(session, "/owned/" + i + "-b");
                anyServer().acquire(exclusive("/locks/owned-" + i, session, "h"));
                kept.add(session);
            }
            SessionKey brief = anyServer().open(Duration.ofSeconds(2), "brief");
            anyServer().createEphemeral(brief, "/owned/brief");
            String fresh = cluster().members().stream()
                    .filter(member -> !member.equals(cluster().awaitLeader()))
                    .findFirst()
                    .orElseThrow();
            cluster().kill(fresh);
            client.store().create("/filler", Value.NULL);
            for (int i = 0; i < 450; i++) {
                client.store().set("/filler", Value.of(i));
            }
            for (int i = 0; i < 5; i++) {
                anyServer().close(kept.get(i));
            }
            Await.until("the silent session is over", Cluster.PATIENCE, () -> !exists("/owned/brief"));
            cluster().wipe(fresh);
            cluster().start(fresh);
            cluster().awaitReady();
            assertServersAgree();
            try (PinnedServer server = cluster().pin(fresh)) {
                assertThat(server.status().getSnapshotIndex()).isPositive();
            }

            cluster().members().forEach(cluster()::kill);
            cluster().members().forEach(cluster()::start);
            cluster().awaitReady();
            assertServersAgree();
            assertThat(exists("/owned/7-a")).isTrue();
            assertThat(exists("/owned/3-a")).isFalse();
            for (SessionKey session : kept.subList(5, 20)) {
                assertThat(anyServer().close(session).getDeletedCount()).isEqualTo(2);
            }
            assertServersAgree();
        }
    }

    private void assertServersAgree() {
        anyServer().call(server -> server.store(CALL_LIMIT).set(Requests.set("/filler", 0)));
        for (int i = 0; i < servers().size(); i++) {
            ServerStubs server = servers().get(i);
            // the channel may still hold off its next try from when the server was down
            server.store(CALL_LIMIT).withWaitForReady().sync(SyncRequest.getDefaultInstance());
            Map<Long, Long> owned = new TreeMap<>();
            server.store(CALL_LIMIT)
                    .scanSubtree(ScanSubtreeRequest.newBuilder()
                            .setPath("/")
                            .setView(View.VIEW_STAT)
                            .setOptions(LOCAL)
                            .build())
                    .forEachRemaining(part -> part.getZnodesList().stream()
                            .map(Znode::getStat)
                            .filter(stat -> stat.getKind() == ZnodeKind.ZNODE_KIND_EPHEMERAL)
                            .forEach(stat -> owned.merge(stat.getOwnerSession(), 1L, Long::sum)));
            var sessions = sessions(i);
            Map<Long, Long> told = new TreeMap<>(sessions.stream()
                    .filter(session -> session.getEphemeralCount() > 0)
                    .collect(Collectors.toMap(Session::getId, Session::getEphemeralCount)));
            assertThat(owned).as("owners in the tree of server %s", i).isEqualTo(told);
            var ids = new TreeSet<>(sessions.stream().map(Session::getId).toList());
            for (int lock = 0; lock < 20; lock++) {
                var holders = server.locks(CALL_LIMIT)
                        .getLock(GetLockRequest.newBuilder()
                                .setPath("/locks/owned-" + lock)
                                .setOptions(LOCAL)
                                .build())
                        .getLock()
                        .getHoldersList();
                assertThat(holders).allMatch(holder -> ids.contains(holder.getSessionId()));
            }
        }
    }
}
