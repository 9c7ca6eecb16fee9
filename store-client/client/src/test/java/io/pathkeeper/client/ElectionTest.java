package io.pathkeeper.client;

import static io.pathkeeper.client.PipelineTest.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pathkeeper.client.coordination.CampaignRequest;
import io.pathkeeper.client.coordination.Candidacy;
import io.pathkeeper.client.coordination.ElectionObservation;
import io.pathkeeper.client.coordination.Leader;
import io.pathkeeper.client.coordination.Leadership;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.memory.MemoryCluster;
import io.pathkeeper.client.memory.MemoryServer;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.session.PathkeeperSession;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Elections over the wire. */
@Timeout(180)
class ElectionTest {
    private final MemoryCluster cluster = new MemoryCluster();
    private final MemoryServer server = new MemoryServer(cluster);
    private final PathkeeperClient client =
            PathkeeperClient.builder().servers(server.address()).build();
    private final PathkeeperSession session = client.sessions().open();
    private final PathkeeperSession other = client.sessions().open();

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private static <R> R get(CompletableFuture<R> future) {
        return future.orTimeout(60, TimeUnit.SECONDS).join();
    }

    private Candidacy stand(PathkeeperSession by, int value) {
        return client.elections().campaign(CampaignRequest.of("/e", by).value(Value.of(value)));
    }

    @Test
    void leadsUntilItResignsAndTheNextOneFollows() {
        Leadership first = get(stand(session, 1).elected());
        Candidacy second = stand(other, 2);
        await().until(() -> cluster.lockSizes("/e").equals(List.of(1, 1)));
        assertThat(get(client.elections().leader("/e")).map(Leader::value)).contains(Value.of(1));
        get(first.proclaim(Value.of(11)));
        assertThat(get(client.elections().leader("/e")).map(Leader::value)).contains(Value.of(11));
        CompletableFuture<Void> resigned = first.resign();
        get(resigned);
        assertThat(first.isLeader()).isFalse();
        get(first.whenLost());
        Leadership next = get(second.elected());
        assertThat(next.term()).isGreaterThan(first.term());
        assertThat(failureOf(first.proclaim(Value.of(12))).reason()).isEqualTo(Reason.LOCK_NOT_HELD);
    }

    @Test
    void knowsAtOnceThatItsSessionHasEnded() {
        Leadership leader = get(stand(session, 1).elected());
        cluster.expire(session.id());
        get(leader.whenLost());
        assertThat(leader.isLeader()).isFalse();
    }

    @Test
    void leadsOnWhenTheStreamBreaksAndLearnsOfItsEndAllTheSame() {
        Leadership leader = get(stand(session, 1).elected());
        Candidacy second = stand(other, 2);
        await().until(() -> cluster.lockSizes("/e").equals(List.of(1, 1)));
        server.breakStreams();
        await().until(() -> cluster.lockSizes("/e").equals(List.of(1, 1)));
        assertThat(leader.isLeader()).isTrue();
        assertThat(get(client.elections().leader("/e")).map(Leader::term)).contains(leader.term());
        cluster.expire(session.id());
        get(leader.whenLost());
        assertThat(get(second.elected()).term()).isGreaterThan(leader.term());
    }

    @Test
    void waitingCandidateMayLeave() {
        get(stand(session, 1).elected());
        Candidacy second = stand(other, 2);
        await().until(() -> cluster.lockSizes("/e").equals(List.of(1, 1)));
        get(second.resign());
        assertThat(failureOf(second.elected()).reason()).isEqualTo(Reason.LEADERSHIP_LOST);
        assertThat(cluster.lockSizes("/e")).containsExactly(1, 0);
    }

    @Test
    void observerSeesEveryLeaderOnceAcrossBreaks() {
        List<String> seen = new CopyOnWriteArrayList<>();
        ElectionObservation observation = client.elections()
                .observe(
                        "/e",
                        (leader, revision) ->
                                seen.add(leader.map(one -> one.value().toJson()).orElse("none")));
        await().until(() -> seen.equals(List.of("none")));
        Leadership first = get(stand(session, 1).elected());
        get(first.proclaim(Value.of(11)));
        await().until(() -> seen.equals(List.of("none", "1", "11")));
        get(first.resign());
        await().until(() -> seen.equals(List.of("none", "1", "11", "none")));
        observation.close();
        get(observation.ended());
        get(stand(other, 2).elected());
        assertThat(seen).hasSize(4);
    }
}
