package io.pathkeeper.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.error.Outcome;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.it.cluster.Cluster;
import io.pathkeeper.it.cluster.PinnedServer;
import io.pathkeeper.v1.Consistency;
import io.pathkeeper.v1.ReadOptions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The scenario of a server that has lost both others: it says so, keeps answering local reads, and recovers with them. */
final class QuorumLoss {
    /** What a server that cannot answer may say. */
    static final Set<Status.Code> HONEST = Set.of(Status.Code.UNAVAILABLE, Status.Code.DEADLINE_EXCEEDED);

    private static final Duration LIMIT = Duration.ofSeconds(3);

    private final Cluster cluster;

    QuorumLoss(Cluster cluster) {
        this.cluster = cluster;
    }

    void run() {
        String survivor = cluster.members().get(0);
        List<String> lost = cluster.members().subList(1, 3);
        try (PathkeeperClient client =
                        cluster.clientBuilder().requestTimeout(LIMIT).build();
                PinnedServer server = cluster.pin(survivor)) {
            client.store().create("/honest", Value.of(1));
            server.store().get(Requests.get("/honest"));
            lost.forEach(cluster::kill);

            assertRefused(() -> server.store(LIMIT).get(Requests.get("/honest")));
            assertRefused(() -> server.store(LIMIT).set(Requests.set("/honest", 2)));
            ReadOptions.Builder local = ReadOptions.newBuilder().setConsistency(Consistency.CONSISTENCY_LOCAL);
            assertThat(server.store()
                            .get(Requests.get("/honest", local))
                            .getData()
                            .getValue()
                            .getIntValue())
                    .isEqualTo(1);
            PathkeeperException failure = catchThrowableOfType(
                    PathkeeperException.class, () -> client.store().set("/honest", Value.of(3)));
            assertThat(failure).as("a write without a quorum fails").isNotNull();

            lost.forEach(cluster::start);
            cluster.awaitReady();
            long value = server.store()
                    .get(Requests.get("/honest"))
                    .getData()
                    .getValue()
                    .getIntValue();
            if (failure.outcome() == Outcome.NOT_APPLIED) {
                assertThat(value).isIn(1L, 2L);
            } else {
                assertThat(value).isIn(1L, 2L, 3L);
            }
            client.store().set("/honest", Value.of(4));
            assertThat(client.store().get("/honest").value()).isEqualTo(Value.of(4));
        }
    }

    private static void assertRefused(ThrowingCallable call) {
        StatusRuntimeException refused = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(refused).as("a call without a quorum fails").isNotNull();
        assertThat(refused.getStatus().getCode()).isIn(HONEST);
        if (refused.getStatus().getCode() == Status.Code.UNAVAILABLE) {
            assertThat(PinnedServer.reasonOf(refused)).isIn("NO_LEADER", "NO_QUORUM");
        }
    }
}
