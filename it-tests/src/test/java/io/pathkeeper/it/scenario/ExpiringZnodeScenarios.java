package io.pathkeeper.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.observe.Event;
import io.pathkeeper.client.observe.EventCause;
import io.pathkeeper.client.observe.EventType;
import io.pathkeeper.client.observe.Observation;
import io.pathkeeper.client.observe.ObserveFrame;
import io.pathkeeper.client.observe.ObserveListener;
import io.pathkeeper.client.observe.ObserveRequest;
import io.pathkeeper.it.cluster.Await;
import io.pathkeeper.it.cluster.Cluster;
import io.pathkeeper.it.cluster.ClusterKind;
import io.pathkeeper.it.cluster.ClusterOptions;
import io.pathkeeper.v1.CreateRequest;
import io.pathkeeper.v1.ZnodeKind;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** TTL and container znodes go by themselves, in time, never sooner, whoever leads. */
abstract class ExpiringZnodeScenarios extends CoordinationScenarios {
    ExpiringZnodeScenarios(ClusterKind kind) {
        super(kind, ClusterOptions.three());
    }

    @Test
    void aTtlZnodeGoesBehindItsTimeToTheMillisecondNotBefore() {
        try (Deletions deletions = new Deletions("/ttl")) {
            long sent = System.nanoTime();
            createTtl("/ttl/short", 1_300, false);
            long longSent = System.nanoTime();
            createTtl("/ttl/long", 2_300, false);

            assertThat(deletions.awaitMillis("/ttl/short", sent)).isBetween(1_300L, 1_300 + SLACK.toMillis());
            assertThat(deletions.awaitMillis("/ttl/long", longSent)).isBetween(2_300L, 2_300 + SLACK.toMillis());
            assertThat(deletions.cause("/ttl/short")).isEqualTo(EventCause.TTL);
        }
    }

    @Test
    void aChangeOfTheValueStartsTheTimeAnewUnlessItIsAbsolute() {
        try (Deletions deletions = new Deletions("/renewed")) {
            long created = System.nanoTime();
            createTtl("/renewed/relative", 3_000, false);
            createTtl("/renewed/absolute", 3_000, true);
            awaitElapsed(created, Duration.ofMillis(1_500));
            long changed = System.nanoTime();
            anyServer().call(server -> server.store(CALL_LIMIT).set(Requests.set("/renewed/relative", 2)));
            anyServer().call(server -> server.store(CALL_LIMIT).set(Requests.set("/renewed/absolute", 2)));

            assertThat(deletions.awaitMillis("/renewed/absolute", created)).isBetween(3_000L, 3_000 + SLACK.toMillis());
            assertThat(deletions.awaitMillis("/renewed/relative", changed)).isBetween(3_000L, 3_000 + SLACK.toMillis());
            assertThat(deletions.revision("/renewed/absolute")).isLessThan(deletions.revision("/renewed/relative"));
        }
    }

    @Test
    void theTimeOfATtlZnodeGoesOnThroughTheLossOfTheLeader() {
        try (Deletions deletions = new Deletions("/survives")) {
            long sent = System.nanoTime();
            createTtl("/survives/one", 6_000, false);
            loseLeader();
            long millis = deletions.awaitMillis("/survives/one", sent);

            assertThat(millis).isBetween(6_000L, 6_000 + 3_000 + SLACK.toMillis());
            assertThat(deletions.cause("/survives/one")).isEqualTo(EventCause.TTL);
        }
    }

    @Test
    void theLossOfTheLeaderLengthensATtlByNoMoreThanAnElectionAndTwoSeconds() {
        try (Deletions deletions = new Deletions("/lengthened")) {
            // so that the clock from which the next leader has to go on is far from its beginning
            createTtl("/lengthened/first", 8_000, false);
            deletions.awaitMillis("/lengthened/first", System.nanoTime());
            createTtl("/lengthened/timed", 6_000, false);
            cluster().kill(cluster().awaitLeader());
            // measures the same time by another clock: it begins behind the election and lasts two seconds longer
            var session = anyServer().open(Duration.ofMillis(8_000), "behind");
            anyServer().createEphemeral(session, "/lengthened/owned");
            deletions.awaitMillis("/lengthened/timed", System.nanoTime());
            deletions.awaitMillis("/lengthened/owned", System.nanoTime());

            assertThat(deletions.cause("/lengthened/timed")).isEqualTo(EventCause.TTL);
            assertThat(deletions.revision("/lengthened/timed")).isLessThan(deletions.revision("/lengthened/owned"));
        }
    }

    @Test
    void aContainerGoesInTheRevisionOfItsLastChild() {
        try (Deletions deletions = new Deletions("/containers")) {
            anyServer()
                    .call(server -> server.store(CALL_LIMIT)
                            .create(CreateRequest.newBuilder()
                                    .setPath("/containers/box")
                                    .setKind(ZnodeKind.ZNODE_KIND_CONTAINER)
                                    .build()));
            for (String child : new String[] {"/containers/box/a", "/containers/box/b"}) {
                anyServer().call(server -> server.store(CALL_LIMIT).create(Requests.create(child, 1)));
            }
            loseLeader();
            anyServer().call(server -> server.store(CALL_LIMIT).delete(Requests.delete("/containers/box/a")));
            assertThat(exists("/containers/box")).isTrue();
            anyServer().call(server -> server.store(CALL_LIMIT).delete(Requests.delete("/containers/box/b")));
            deletions.awaitMillis("/containers/box", System.nanoTime());

            assertThat(deletions.cause("/containers/box")).isEqualTo(EventCause.CONTAINER);
            assertThat(deletions.revision("/containers/box")).isEqualTo(deletions.revision("/containers/box/b"));
        }
    }

    @Test
    void aContainerGoesWithTheSessionThatOwnsItsLastChild() {
        try (Deletions deletions = new Deletions("/members")) {
            anyServer()
                    .call(server -> server.store(CALL_LIMIT)
                            .create(CreateRequest.newBuilder()
                                    .setPath("/members/box")
                                    .setKind(ZnodeKind.ZNODE_KIND_CONTAINER)
                                    .build()));
            var session = anyServer().open(Duration.ofSeconds(1), "short");
            anyServer().createEphemeral(session, "/members/box/one");
            deletions.awaitMillis("/members/box", System.nanoTime());

            assertThat(deletions.cause("/members/box/one")).isEqualTo(EventCause.SESSION_EXPIRED);
            assertThat(deletions.cause("/members/box")).isEqualTo(EventCause.CONTAINER);
            assertThat(deletions.revision("/members/box")).isEqualTo(deletions.revision("/members/box/one"));
        }
    }

    private void createTtl(String path, long ttlMillis, boolean absolute) {
        anyServer()
                .call(server -> server.store(CALL_LIMIT)
                        .create(CreateRequest.newBuilder()
                                .setPath(path)
                                .setKind(ZnodeKind.ZNODE_KIND_TTL)
                                .setTtlMs(ttlMillis)
                                .setTtlAbsolute(absolute)
                                .build()));
    }

    /** Deletions below a znode, as an observer sees them. */
    private final class Deletions implements ObserveListener, AutoCloseable {
        private final Map<String, Event> events = new ConcurrentHashMap<>();
        private final Map<String, Long> seenNanos = new ConcurrentHashMap<>();
        private final PathkeeperClient client = cluster().client();
        private final Observation observation;
        private volatile boolean standing;

        Deletions(String parent) {
            client.store().create(parent, Value.NULL);
            observation = client.observe(ObserveRequest.subtree(parent), this);
            Await.until("the observation stands", Cluster.PATIENCE, () -> standing);
        }

        @Override
        public void onCreated(ObserveFrame.Created created) {
            standing = true;
        }

        @Override
        public void onEvents(ObserveFrame.Events frame) {
            for (Event event : frame.events()) {
                if (event.type() == EventType.DELETED) {
                    events.put(event.path(), event);
                    seenNanos.put(event.path(), System.nanoTime());
                }
            }
        }

        /** Waits until a znode is gone; returns the milliseconds from a point in time on until that was seen. */
        long awaitMillis(String path, long sinceNanos) {
            Await.until(path + " is gone", Cluster.PATIENCE, () -> seenNanos.containsKey(path));
            return (seenNanos.getOrDefault(path, 0L) - sinceNanos) / 1_000_000;
        }

        EventCause cause(String path) {
            return event(path).cause();
        }

        long revision(String path) {
            return event(path).revision();
        }

        @Override
        public void close() {
            observation.close();
            client.close();
        }

        private Event event(String path) {
            return java.util.Objects.requireNonNull(events.get(path), path);
        }
    }
}
