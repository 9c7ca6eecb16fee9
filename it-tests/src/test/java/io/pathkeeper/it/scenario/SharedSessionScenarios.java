package io.pathkeeper.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.observe.Observation;
import io.pathkeeper.client.observe.ObserveRequest;
import io.pathkeeper.it.cluster.Await;
import io.pathkeeper.it.cluster.Cluster;
import io.pathkeeper.it.cluster.ClusterKind;
import io.pathkeeper.it.cluster.ClusterOptions;
import io.pathkeeper.it.coordination.KeepAlives;
import io.pathkeeper.it.coordination.MembersObserver;
import io.pathkeeper.it.history.SessionEndings;
import io.pathkeeper.v1.SessionKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** A session is one for all servers: any of them keeps it alive, none of them by itself ends it, and its time is the leader's. */
abstract class SharedSessionScenarios extends CoordinationScenarios {
    private static final Duration TIMEOUT = Duration.ofSeconds(6);
    private static final String SILENT = "/silent";

    SharedSessionScenarios(ClusterKind kind) {
        super(kind, ClusterOptions.three());
    }

    @Test
    void anyServerAloneKeepsASessionAliveThatOthersServeAndItsEndIsToldByAll() {
        SessionKey session = only(0).open(TIMEOUT, "shared");
        only(1).createEphemeral(session, "/shared/by-one");
        only(2).createEphemeral(session, "/shared/by-two");
        ConcurrentLinkedQueue<Long> lost = new ConcurrentLinkedQueue<>();
        KeepAlives before = keepAlives(0, session, lost);
        for (int server = 1; server < servers().size(); server++) {
            // both keep it alive for a moment, then the one before falls silent
            KeepAlives next = keepAlives(server, session, lost);
            Await.until("the next one was answered", TIMEOUT.plus(SLACK), () -> next.renewedCount() > 0);
            before.close();
            awaitElapsed(System.nanoTime(), TIMEOUT.plusSeconds(2));
            assertThat(lost).isEmpty();
            before = next;
        }
        assertThat(owner("/shared/by-one")).isEqualTo(session.getId());
        assertThat(owner("/shared/by-two")).isEqualTo(session.getId());

        try (KeepAlives first = keepAlives(0, session, lost)) {
            Await.until("the first one was answered", TIMEOUT.plus(SLACK), () -> first.renewedCount() > 0);
            assertThat(only(1).close(session).getDeletedCount()).isEqualTo(2);
            Await.until("both streams are told", TIMEOUT.plus(SLACK), () -> lost.size() == 2);
        }
        before.close();
        assertThat(lost).containsExactly(session.getId(), session.getId());
    }

    @Test
    void aSilentSessionHasItsTimeoutFromTheNewLeaderOnAndNoMore() {
        SessionEndings endings = new SessionEndings();
        MembersObserver members = new MembersObserver(endings);
        try (PathkeeperClient client = cluster().client()) {
            client.store().create(SILENT, Value.NULL);
            try (Observation observation = client.observe(ObserveRequest.children(SILENT), members)) {
                Await.until("the observation stands", Cluster.PATIENCE, members::isStanding);
                String leader = cluster().awaitLeader();
                SessionKey before = open(endings, "before");
                long killed = System.nanoTime();
                cluster().kill(leader);
                // by the new leader, so its time begins behind the time that the leader gives to all sessions
                SessionKey after = open(endings, "after");
                Await.until("both are over", TIMEOUT.multipliedBy(2).plus(SLACK), endings::isComplete);

                assertThat(members.endNanos().getOrDefault(before.getId(), 0L) - killed)
                        .as("nanoseconds from the end of the leader to the end of the session")
                        .isGreaterThanOrEqualTo(TIMEOUT.toNanos());
                assertThat(members.endRevisions().getOrDefault(before.getId(), 0L))
                        .as("revision at which the session from before the change ended")
                        .isLessThan(members.endRevisions().getOrDefault(after.getId(), 0L));
                assertThat(observation.ended()).isNotDone();
            }
        }
    }

    /** Opens a session that nobody keeps alive. */
    private SessionKey open(SessionEndings endings, String identity) {
        SessionKey session = anyServer().open(TIMEOUT, identity);
        String path = MembersObserver.path(SILENT, session.getId(), 0);
        endings.creating(session.getId(), path);
        anyServer().createEphemeral(session, path);
        endings.created(session.getId(), path);
        return session;
    }

    private KeepAlives keepAlives(int server, SessionKey session, ConcurrentLinkedQueue<Long> lost) {
        KeepAlives keepAlives = new KeepAlives(List.of(servers().get(server)), TIMEOUT.dividedBy(6), lost::add);
        keepAlives.add(session);
        return keepAlives;
    }

    private long owner(String path) {
        return anyServer()
                .call(server -> server.store(CALL_LIMIT).get(Requests.get(path)))
                .getStat()
                .getOwnerSession();
    }
}
