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
import io.pathkeeper.it.coordination.CoordinationClient;
import io.pathkeeper.it.coordination.KeepAlives;
import io.pathkeeper.it.coordination.MembersObserver;
import io.pathkeeper.it.history.SessionEndings;
import io.pathkeeper.v1.CreateSessionRequest;
import io.pathkeeper.v1.Guards;
import io.pathkeeper.v1.Session;
import io.pathkeeper.v1.SessionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Sessions end when their clients fall silent, never sooner, and never in parts. */
abstract class SessionScenarios extends CoordinationScenarios {
    private static final Duration TIMEOUT = Duration.ofSeconds(4);

    SessionScenarios(ClusterKind kind) {
        super(kind, ClusterOptions.three());
    }

    @Test
    void keepsSessionsThroughTheLossOfTheLeaderAndLeaksNone() {
        ConcurrentLinkedQueue<Long> lost = new ConcurrentLinkedQueue<>();
        List<SessionKey> sessions = new ArrayList<>();
        try (Observed observed = new Observed("/kept");
                KeepAlives keepAlives = new KeepAlives(servers(), TIMEOUT.dividedBy(4), lost::add)) {
            for (int i = 0; i < 30; i++) {
                SessionKey session = anyServer().open(TIMEOUT, "kept-" + i);
                keepAlives.add(session);
                sessions.add(session);
                observed.create(session, 2);
            }
            loseLeader();
            awaitElapsed(System.nanoTime(), TIMEOUT.multipliedBy(2));

            assertThat(lost).isEmpty();
            assertThat(observed.endings.endedCount()).isZero();
            for (SessionKey session : sessions) {
                assertThat(anyServer().renew(session)).isPositive();
            }

            keepAlives.close();
            long silent = System.nanoTime();
            Await.until("all expired", TIMEOUT.plus(SLACK), observed.endings::isComplete);
            assertThat(observed.endings.violations()).isEmpty();
            assertThat(observed.members.faults()).isEmpty();
            Map<Long, Long> ended = observed.members.endNanos();
            for (SessionKey session : sessions) {
                long heard = java.util.Objects.requireNonNull(keepAlives.lastHeardNanos(session.getId()));
                assertThat(TimeUnit.NANOSECONDS.toMillis(ended.getOrDefault(session.getId(), 0L) - heard))
                        .as("milliseconds behind its last message until session %s ended", session.getId())
                        .isGreaterThanOrEqualTo(TIMEOUT.toMillis());
            }
            assertThat(millisSince(silent)).isLessThan(TIMEOUT.plus(SLACK).toMillis());
            List<Long> ids = sessions.stream().map(SessionKey::getId).toList();
            for (int server = 0; server < servers().size(); server++) {
                int at = server;
                Await.until(
                        "server " + at + " has none of the sessions left",
                        Cluster.PATIENCE,
                        () -> sessions(at).stream().map(Session::getId).noneMatch(ids::contains));
            }
        }
    }

    @Test
    void allThatAnExpiredSessionLeavesGoesInOneRevisionAndOneBatch() {
        try (Observed observed = new Observed("/expired")) {
            SessionKey session = anyServer().open(TIMEOUT, "silent");
            SessionKey next = anyServer().open(LONG, "next");
            long opened = System.nanoTime();
            observed.create(session, 100);
            long first = anyServer().acquire(exclusive("/locks/one-revision", session, "first"));
            CompletableFuture<Long> second = CompletableFuture.supplyAsync(
                    () -> anyServer().acquire(exclusive("/locks/one-revision", next, "second")));
            Await.until("it is over", TIMEOUT.plus(SLACK), observed.endings::isComplete);

            assertThat(millisSince(opened)).isGreaterThanOrEqualTo(TIMEOUT.toMillis());
            assertThat(observed.endings.violations()).isEmpty();
            assertThat(second.join())
                    .as("revision at which the lock went on, behind the grant at %s", first)
                    .isEqualTo(observed.members.endRevisions().get(session.getId()));
            anyServer().close(next);
        }
    }

    @Test
    void allThatAClosedSessionLeavesGoesInOneRevisionAndOneBatch() {
        try (Observed observed = new Observed("/closed")) {
            SessionKey session = anyServer().open(LONG, "closed");
            observed.create(session, 100);
            var answer = anyServer().close(session);
            Await.until("it is over", Cluster.PATIENCE, observed.endings::isComplete);

            assertThat(answer.getDeletedCount()).isEqualTo(100);
            assertThat(observed.endings.violations()).isEmpty();
            assertThat(observed.members.endRevisions()).containsEntry(session.getId(), answer.getRevision());
        }
    }

    @Test
    void nothingSucceedsOnAnyServerOnceASessionHasExpired() {
        SessionKey session = anyServer().open(Duration.ofSeconds(1), "over");
        anyServer().createEphemeral(session, "/over/first");
        Await.until("it is over", Duration.ofSeconds(1).plus(SLACK), () -> !exists("/over/first"));

        for (int i = 0; i < servers().size(); i++) {
            CoordinationClient client = only(i);
            String path = "/over/at-" + i;
            assertRefused("SESSION_EXPIRED", () -> client.renew(session));
            assertRefused("SESSION_EXPIRED", () -> client.createEphemeral(session, path));
            assertRefused("SESSION_EXPIRED", () -> client.acquire(exclusive("/locks/over", session, "h")));
            assertRefused("SESSION_EXPIRED", () -> client.close(session));
            assertRefused(
                    "SESSION_EXPIRED",
                    () -> client.call(server -> server.sessions(CALL_LIMIT)
                            .createSession(CreateSessionRequest.newBuilder()
                                    .setResume(session)
                                    .build())));
            assertRefused(
                    "SESSION_EXPIRED",
                    () -> client.call(server -> server.store(CALL_LIMIT)
                            .set(Requests.set("/over", 1).toBuilder()
                                    .setGuards(Guards.newBuilder().setRequireSession(session))
                                    .build())));
            assertThat(exists(path)).isFalse();
        }
        assertThat(anyServer().look("/locks/over").getLock().getHoldersCount()).isZero();
    }

    @Test
    void severalServersServeOneSession() {
        SessionKey session = only(0).open(LONG, "everywhere");
        only(1).createEphemeral(session, "/everywhere/one");
        only(2).createEphemeral(session, "/everywhere/two");
        long token = only(1).acquire(exclusive("/locks/everywhere", session, "h"));
        only(2).guardedSet("/everywhere/value", 1, "/locks/everywhere", token);
        only(0).release(exclusive("/locks/everywhere", session, "h"), token);
        for (int i = 0; i < servers().size(); i++) {
            assertThat(only(i).renew(session)).isPositive();
        }

        assertThat(only(2).close(session).getDeletedCount()).isEqualTo(2);
        assertRefused("SESSION_EXPIRED", () -> only(0).renew(session));
        assertThat(exists("/everywhere/one")).isFalse();
    }

    @Test
    void aLeaderChangeNeverShortensASessionAndLengthensItByItsTimeoutAtMost() {
        try (Observed observed = new Observed("/lengthened")) {
            SessionKey session = anyServer().open(TIMEOUT, "silent");
            long sent = System.nanoTime();
            anyServer().renew(session);
            observed.create(session, 1);
            loseLeader();
            long ready = System.nanoTime();
            Await.until("it is over", TIMEOUT.multipliedBy(2).plus(SLACK), observed.endings::isComplete);
            long ended = observed.members.endNanos().getOrDefault(session.getId(), 0L);

            assertThat(TimeUnit.NANOSECONDS.toMillis(ended - sent)).isGreaterThanOrEqualTo(TIMEOUT.toMillis());
            assertThat(TimeUnit.NANOSECONDS.toMillis(ended - ready))
                    .isLessThan(TIMEOUT.plusSeconds(2).plus(SLACK).toMillis());
        }
    }

    @Test
    void nobodyExpiresWithoutAQuorum() {
        SessionKey session = anyServer().open(TIMEOUT, "patient");
        anyServer().createEphemeral(session, "/patient/one");
        String leader = cluster().awaitLeader();
        List<String> others = cluster().members().stream()
                .filter(member -> !member.equals(leader))
                .toList();
        others.forEach(cluster()::kill);
        awaitElapsed(System.nanoTime(), TIMEOUT.multipliedBy(2));
        int at = cluster().members().indexOf(leader);
        assertThat(sessions(at)).extracting(Session::getId).contains(session.getId());
        others.forEach(cluster()::start);

        assertThat(anyServer().renew(session)).isPositive();
        assertThat(exists("/patient/one")).isTrue();
        anyServer().close(session);
    }

    /** A parent whose ephemeral children are observed. */
    private final class Observed implements AutoCloseable {
        final SessionEndings endings = new SessionEndings();
        final MembersObserver members = new MembersObserver(endings);
        private final String parent;
        private final PathkeeperClient client = cluster().client();
        private final Observation observation;

        Observed(String parent) {
            this.parent = parent;
            client.store().create(parent, Value.NULL);
            this.observation = client.observe(ObserveRequest.children(parent), members);
            Await.until("the observation stands", Cluster.PATIENCE, members::isStanding);
        }

        void create(SessionKey session, int count) {
            for (int i = 0; i < count; i++) {
                String path = MembersObserver.path(parent, session.getId(), i);
                endings.creating(session.getId(), path);
                anyServer().createEphemeral(session, path);
                endings.created(session.getId(), path);
            }
        }

        @Override
        public void close() {
            observation.close();
            client.close();
        }
    }
}
