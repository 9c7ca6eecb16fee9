package io.pathkeeper.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.StatusRuntimeException;
import io.pathkeeper.client.PathkeeperClient;
import io.pathkeeper.client.model.CreateOptions;
import io.pathkeeper.client.model.CreateResult;
import io.pathkeeper.client.model.Patch;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.Znode;
import io.pathkeeper.client.observe.Observation;
import io.pathkeeper.client.observe.ObserveRequest;
import io.pathkeeper.it.check.ClosedLoop;
import io.pathkeeper.it.check.RevisionTrace;
import io.pathkeeper.it.cluster.Await;
import io.pathkeeper.it.cluster.Cluster;
import io.pathkeeper.it.cluster.ClusterKind;
import io.pathkeeper.it.cluster.ClusterOptions;
import io.pathkeeper.it.cluster.PinnedServer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers are lost while clients go on: nothing that was acknowledged is lost, nothing is done twice. */
abstract class LeaderLossScenarios extends ClusterScenarios {
    LeaderLossScenarios(ClusterKind kind) {
        super(kind, ClusterOptions.three());
    }

    @BeforeEach
    void startWhatIsStopped() {
        startAll();
    }

    @Test
    void everyAcknowledgedIncrementCountsOnceThroughTheLossOfTwoLeaders() {
        try (PathkeeperClient client = cluster().client()) {
            client.store().create("/counter", Value.of(0));
            ClosedLoop increments = ClosedLoop.start(
                    32, n -> client.async().patch("/counter", Patch.create().increment("", 1)));
            try (increments) {
                for (int i = 0; i < 2; i++) {
                    awaitAcknowledged(increments, 300);
                    String leader = cluster().awaitLeader();
                    cluster().kill(leader);
                    awaitAcknowledged(increments, 300);
                    cluster().start(leader);
                    cluster().awaitReady(leader);
                }
            }
            long counted = client.store().get("/counter").value().asLong();

            assertThat(increments.tally().unexpected()).isEmpty();
            assertThat(counted)
                    .as("increments: %s", increments.tally())
                    .isBetween(
                            increments.tally().acknowledged(),
                            increments.tally().acknowledged()
                                    + increments.tally().unknown());
        }
    }

    @Test
    void sequencesStayUniqueThroughTheLossOfTheLeader() {
        try (PathkeeperClient client = cluster().client()) {
            client.store().create("/tickets", Value.NULL);
            ConcurrentLinkedQueue<CreateResult> created = new ConcurrentLinkedQueue<>();
            ClosedLoop creations = ClosedLoop.start(
                    16,
                    n -> client.async()
                            .create(
                                    "/tickets/t-",
                                    Value.of(n),
                                    CreateOptions.defaults().sequential(true))
                            .thenAccept(created::add));
            try (creations) {
                awaitAcknowledged(creations, 100);
                String leader = cluster().awaitLeader();
                cluster().kill(leader);
                awaitAcknowledged(creations, 200);
                cluster().start(leader);
                cluster().awaitReady(leader);
            }
            List<CreateResult> ordered = new ArrayList<>(created);
            ordered.sort(Comparator.comparingLong(CreateResult::revision));
            Set<String> listed = ConcurrentHashMap.newKeySet();
            client.store()
                    .allChildren("/tickets", io.pathkeeper.client.model.ListOptions.defaults())
                    .forEach(child -> listed.add("/tickets/" + child.name()));

            assertThat(creations.tally().unexpected()).isEmpty();
            assertThat(ordered).extracting(CreateResult::sequence).isSorted().doesNotHaveDuplicates();
            assertThat(listed)
                    .containsAll(ordered.stream().map(CreateResult::path).toList());
            assertThat((long) listed.size())
                    .isLessThanOrEqualTo(ordered.size() + creations.tally().unknown());
        }
    }

    @Test
    void nothingAcknowledgedIsLostWhenAllServersAreKilled() {
        try (PathkeeperClient client = cluster().client()) {
            client.store().create("/kept", Value.NULL);
            Map<String, Long> acknowledged = new ConcurrentHashMap<>();
            ClosedLoop creations = ClosedLoop.start(
                    64,
                    n -> client.async()
                            .create("/kept/n" + n, Value.of(n))
                            .thenAccept(result -> acknowledged.put(result.path(), n)));
            try (creations) {
                awaitAcknowledged(creations, 1_000);
                cluster().members().forEach(cluster()::kill);
                cluster().members().forEach(cluster()::start);
                cluster().awaitReady();
                awaitAcknowledged(creations, 100);
            }
            Map<String, Value> found = new TreeMap<>();
            client.store().scanSubtree("/kept").forEachRemaining(znode -> found.put(znode.path(), znode.value()));

            assertThat(creations.tally().unexpected()).isEmpty();
            acknowledged.forEach((path, value) -> assertThat(found).containsEntry(path, Value.of(value)));
            assertThat((long) found.size() - 1)
                    .isLessThanOrEqualTo(acknowledged.size() + creations.tally().unknown());
        }
    }

    @Test
    void revisionNeverGoesBackWhicheverServerAnswers() {
        try (PathkeeperClient client = cluster().client()) {
            client.store().create("/clock", Value.of(0));
            ClosedLoop writes = ClosedLoop.start(8, n -> client.async().set("/clock", Value.of(n)));
            List<PinnedServer> servers = new ArrayList<>();
            cluster().members().forEach(member -> servers.add(cluster().pin(member)));
            try (writes) {
                RevisionWalk walk = new RevisionWalk(servers);
                walk.readUntil(60);
                String leader = cluster().awaitLeader();
                cluster().kill(leader);
                walk.readUntil(120);
                cluster().start(leader);
                cluster().awaitReady(leader);
                walk.readUntil(180);
                cluster().members().forEach(cluster()::stop);
                cluster().members().forEach(cluster()::start);
                cluster().awaitReady();
                walk.readUntil(240);

                assertThat(walk.stepsBack()).isEmpty();
            } finally {
                servers.forEach(PinnedServer::close);
            }
        }
    }

    @Test
    void anObserverSeesEveryRevisionOnceThroughLossesAndRestarts() {
        RevisionTrace trace = new RevisionTrace();
        try (PathkeeperClient writer = cluster().client();
                PathkeeperClient observer =
                        cluster().clientBuilder().preferLeader(false).build();
                Observation observation =
                        observer.observe(ObserveRequest.subtree("/").initialState(true), trace)) {
            Await.until("the initial state is complete", Cluster.PATIENCE, trace::isSynced);
            writer.store().create("/seen", Value.of(0));
            ClosedLoop writes = ClosedLoop.start(
                    16,
                    n -> n % 4 == 0
                            ? writer.async().create("/seen/n" + n, Value.of(n))
                            : writer.async().set("/seen", Value.of(n)));
            try (writes) {
                awaitAcknowledged(writes, 300);
                String leader = cluster().awaitLeader();
                cluster().kill(leader);
                awaitAcknowledged(writes, 300);
                cluster().start(leader);
                cluster().awaitReady(leader);
                for (String member : cluster().members()) {
                    cluster().stop(member);
                    awaitAcknowledged(writes, 100);
                    cluster().start(member);
                    cluster().awaitReady(member);
                }
                awaitAcknowledged(writes, 300);
            }
            long last = writer.store().set("/seen", Value.of("last")).revision();
            Await.until(
                    "the observer is told of revision " + last + ": it is at " + trace.newestRevision() + ", faults "
                            + trace.faults(),
                    Cluster.PATIENCE,
                    () -> trace.newestRevision() >= last || trace.hasFailed());

            assertThat(trace.faults()).isEmpty();
            assertThat(trace.newestRevision()).isEqualTo(last);
            assertThat(trace.revisionCount()).isGreaterThan(1_000);
            Map<String, Value> tree = new TreeMap<>();
            writer.store().scanSubtree("/").forEachRemaining((Znode znode) -> tree.put(znode.path(), znode.value()));
            assertThat(trace.mirror()).isEqualTo(tree);
            assertThat(observation.ended()).isNotDone();
        }
    }

    @Test
    void answersHonestlyWithoutQuorum() {
        new QuorumLoss(cluster()).run();
    }

    /** Waits for so many more acknowledged calls. */
    static void awaitAcknowledged(ClosedLoop loop, long more) {
        long goal = loop.tally().acknowledged() + more;
        try {
            Await.until(
                    more + " more acknowledged calls",
                    Cluster.PATIENCE,
                    () -> loop.tally().acknowledged() >= goal);
        } catch (RuntimeException | Error e) {
            e.addSuppressed(new IllegalStateException(
                    loop.tally() + ", unexpected " + loop.tally().unexpected()));
            throw e;
        }
    }

    /** Reads linearizably from one server after the other and notes every revision that is lower than one before. */
    private static final class RevisionWalk {
        private final List<PinnedServer> servers;
        private final List<String> stepsBack = new ArrayList<>();
        private long newest;
        private int answers;

        RevisionWalk(List<PinnedServer> servers) {
            this.servers = servers;
        }

        void readUntil(int answerGoal) {
            Await.until(answerGoal + " answers", Cluster.PATIENCE, () -> {
                for (PinnedServer server : servers) {
                    read(server);
                }
                return answers >= answerGoal;
            });
        }

        List<String> stepsBack() {
            return stepsBack;
        }

        private void read(PinnedServer server) {
            try {
                long revision = server.store(java.time.Duration.ofSeconds(2))
                        .get(Requests.get("/clock"))
                        .getHeader()
                        .getRevision();
                if (revision < newest) {
                    stepsBack.add(server.member() + " answered at revision " + revision + " after " + newest);
                }
                newest = Math.max(newest, revision);
                answers++;
            } catch (StatusRuntimeException e) {
                // a server that is down, or has no leader, promises nothing
                assertThat(e.getStatus().getCode()).isIn(QuorumLoss.HONEST);
            }
        }
    }
}
