package io.pathkeeper.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.StatusRuntimeException;
import io.pathkeeper.it.cluster.Await;
import io.pathkeeper.it.cluster.Cluster;
import io.pathkeeper.it.cluster.ClusterKind;
import io.pathkeeper.it.cluster.ClusterOptions;
import io.pathkeeper.it.coordination.CoordinationClient;
import io.pathkeeper.it.coordination.ServerStubs;
import io.pathkeeper.it.history.ElectionHistory;
import io.pathkeeper.v1.CampaignRequest;
import io.pathkeeper.v1.CampaignResponse;
import io.pathkeeper.v1.ElectionServiceObserveRequest;
import io.pathkeeper.v1.ElectionServiceObserveResponse;
import io.pathkeeper.v1.GetLeaderRequest;
import io.pathkeeper.v1.ProclaimRequest;
import io.pathkeeper.v1.ResignRequest;
import io.pathkeeper.v1.SessionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Elections: one leader in each term, and every observer is told of each of them, once and in order. */
abstract class ElectionScenarios extends CoordinationScenarios {
    private static final String ELECTION = "/elections/scheduler";

    private final ExecutorService threads = Executors.newCachedThreadPool();

    ElectionScenarios(ClusterKind kind) {
        super(kind, ClusterOptions.three());
    }

    @AfterAll
    void endThreads() {
        threads.shutdownNow();
    }

    @Test
    void everyObserverSeesEveryLeaderOnceThroughTheLossOfTwoLeadingServers() throws Exception {
        ElectionHistory history = new ElectionHistory();
        AtomicBoolean stopping = new AtomicBoolean();
        List<CompletableFuture<Void>> observers = new ArrayList<>();
        for (int i = 0; i < servers().size(); i++) {
            int first = i;
            observers.add(CompletableFuture.runAsync(() -> observe(history, first), threads));
        }
        List<CompletableFuture<Void>> candidates = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int number = i;
            candidates.add(CompletableFuture.runAsync(() -> lead(history, number, stopping), threads));
        }
        for (int i = 0; i < 2; i++) {
            awaitLeaders(history, 15);
            loseLeader();
        }
        awaitLeaders(history, 15);
        stopping.set(true);
        CompletableFuture.allOf(candidates.toArray(CompletableFuture[]::new)).get(120, TimeUnit.SECONDS);
        SessionKey last = anyServer().open(LONG, "last");
        long term = campaign(anyServer(), last, "last");
        history.elected(term, "last");
        for (int i = 0; i < servers().size(); i++) {
            String observer = name(i);
            Await.until(
                    observer + " is told of the last leader, of term " + term,
                    Cluster.PATIENCE,
                    () -> history.newestTerm(observer) >= term);
        }
        anyServer().close(last);
        CompletableFuture.allOf(observers.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);

        assertThat(history.violations()).as("%s", history).isEmpty();
    }

    @Test
    void theNextCandidateLeadsWhenTheLeadersSessionExpires() {
        String path = "/elections/silent";
        SessionKey silent = anyServer().open(Duration.ofSeconds(2), "silent");
        long former = campaign(anyServer(), silent, "silent", path);
        SessionKey next = anyServer().open(LONG, "next");
        long present = campaign(anyServer(), next, "next", path);

        assertThat(present).isGreaterThan(former);
        assertRefused("LOCK_NOT_HELD", () -> only(1).guardedSet("/silent-leader", 1, path, former));
        assertRefused(
                "SESSION_EXPIRED",
                () -> anyServer()
                        .call(server -> server.elections(CALL_LIMIT)
                                .proclaim(ProclaimRequest.newBuilder()
                                        .setPath(path)
                                        .setSession(silent)
                                        .setCandidateId("silent")
                                        .setTerm(former)
                                        .build())));
        for (ServerStubs server : servers()) {
            assertThat(server.elections(CALL_LIMIT)
                            .getLeader(
                                    GetLeaderRequest.newBuilder().setPath(path).build())
                            .getLeader()
                            .getTerm())
                    .isEqualTo(present);
        }
        anyServer().close(next);
    }

    private static void awaitLeaders(ElectionHistory history, int more) {
        int goal = history.leaderCount() + more;
        Await.until(more + " more leaders", Cluster.PATIENCE, () -> history.leaderCount() >= goal);
    }

    /** Leads, proclaims and resigns again and again. */
    private void lead(ElectionHistory history, int number, AtomicBoolean stopping) {
        CoordinationClient client = new CoordinationClient(servers(), number, Duration.ofMinutes(2));
        SessionKey session = client.open(LONG, "candidate-" + number);
        for (int turn = 0; !stopping.get(); turn++) {
            String candidate = number + "." + turn;
            long term = campaign(client, session, candidate);
            history.elected(term, candidate);
            ProclaimRequest proclamation = ProclaimRequest.newBuilder()
                    .setPath(ELECTION)
                    .setSession(session)
                    .setCandidateId(candidate)
                    .setTerm(term)
                    .setData(Requests.number(number))
                    .build();
            ResignRequest resignation = ResignRequest.newBuilder()
                    .setPath(ELECTION)
                    .setSession(session)
                    .setCandidateId(candidate)
                    .setTerm(term)
                    .build();
            try {
                client.call(server -> server.elections(CALL_LIMIT).proclaim(proclamation));
                client.call(server -> server.elections(CALL_LIMIT).resign(resignation));
            } catch (StatusRuntimeException e) {
                // a resignation whose answer was lost is repeated, and then there is nothing to resign from
                assertThat(ServerStubs.reasonOf(e)).as(e.toString()).isEqualTo("LOCK_NOT_HELD");
            }
        }
        client.close(session);
    }

    private static long campaign(CoordinationClient client, SessionKey session, String candidate) {
        return campaign(client, session, candidate, ELECTION);
    }

    private static long campaign(CoordinationClient client, SessionKey session, String candidate, String path) {
        CampaignRequest request = CampaignRequest.newBuilder()
                .setPath(path)
                .setSession(session)
                .setCandidateId(candidate)
                .build();
        return client.call(server -> {
            Iterator<CampaignResponse> events =
                    server.elections(Duration.ofMinutes(2)).campaign(request);
            while (true) {
                CampaignResponse event = events.next();
                if (event.hasElected()) {
                    return event.getElected().getTerm();
                }
            }
        });
    }

    /** Observes one server after the other, each from where the one before ended. */
    private void observe(ElectionHistory history, int first) {
        long next = 0;
        for (int server = first;
                !Thread.currentThread().isInterrupted();
                server = (server + 1) % servers().size()) {
            try {
                Iterator<ElectionServiceObserveResponse> events = servers()
                        .get(server)
                        .elections(Duration.ofSeconds(20))
                        .observe(ElectionServiceObserveRequest.newBuilder()
                                .setPath(ELECTION)
                                .setStartRevision(next)
                                .build());
                while (events.hasNext()) {
                    ElectionServiceObserveResponse event = events.next();
                    if (next > 0 || event.hasLeader()) {
                        history.observed(name(first), event.getLeader().getTerm(), event.getRevision());
                        next = event.getRevision() + 1;
                    }
                    if (event.getLeader().getCandidateId().equals("last")) {
                        return;
                    }
                }
            } catch (StatusRuntimeException e) {
                assertThat(e.getStatus().getCode()).isIn(QuorumLoss.HONEST);
            }
        }
    }

    private static String name(int observer) {
        return "observer " + observer;
    }
}
