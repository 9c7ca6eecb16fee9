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
import io.pathkeeper.it.coordination.Contender;
import io.pathkeeper.it.coordination.CoordinationClient;
import io.pathkeeper.it.coordination.KeepAlives;
import io.pathkeeper.it.coordination.MembersObserver;
import io.pathkeeper.it.history.LockHistory;
import io.pathkeeper.it.history.LockHistory.Entry;
import io.pathkeeper.it.history.SessionEndings;
import io.pathkeeper.v1.GetLockResponse;
import io.pathkeeper.v1.LockEntry;
import io.pathkeeper.v1.LockMode;
import io.pathkeeper.v1.LockRequest;
import io.pathkeeper.v1.SessionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Locks are given to one at a time, in the order of arrival, to the living only; the store refuses the tokens of those before. */
abstract class LockScenarios extends CoordinationScenarios {
    private static final int MAX_PERMITS = 5;

    private final ExecutorService waiting = Executors.newCachedThreadPool();

    LockScenarios(ClusterKind kind) {
        super(kind, ClusterOptions.three());
    }

    @AfterAll
    void endThreads() {
        waiting.shutdownNow();
    }

    @Test
    void aReleaseWakesExactlyTheFirstOfTheQueue() {
        String path = "/locks/queue";
        List<Place> places = queue(path, 5, LONG);
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i);
            long token = place.token();
            GetLockResponse now = anyServer().look(path);
            assertThat(now.getLock().getHoldersList())
                    .extracting(LockEntry::getHolderId)
                    .containsExactly(place.lock().getHolderId());
            assertThat(now.getLock().getWaitersList())
                    .extracting(LockEntry::getHolderId)
                    .containsExactlyElementsOf(places.subList(i + 1, places.size()).stream()
                            .map(p -> p.lock().getHolderId())
                            .toList());
            assertThat(places.subList(i + 1, places.size()))
                    .noneMatch(p -> p.granted().isDone());
            long released = anyServer().release(place.lock(), token);
            if (i + 1 < places.size()) {
                assertThat(places.get(i + 1).token()).isEqualTo(released).isGreaterThan(token);
            }
        }
        places.forEach(place -> anyServer().close(place.lock().getSession()));
    }

    @Test
    void theDeadAreSkipped() {
        String path = "/locks/dead";
        List<Place> places = queue(path, 5, LONG);
        long first = places.get(0).token();
        long closed = anyServer().close(places.get(1).lock().getSession()).getRevision();
        anyServer().close(places.get(2).lock().getSession());
        assertThat(anyServer().look(path).getLock().getWaitersList())
                .extracting(LockEntry::getHolderId)
                .containsExactly("h3", "h4");
        long released = anyServer().release(places.get(0).lock(), first);

        assertThat(places.get(3).token()).isEqualTo(released).isGreaterThan(closed);
        assertThat(places.get(1).granted()).isCompletedExceptionally();
        assertThat(places.get(2).granted()).isCompletedExceptionally();
        long diedHolding = anyServer().close(places.get(3).lock().getSession()).getRevision();
        assertThat(places.get(4).token()).isEqualTo(diedHolding);
        anyServer().close(places.get(4).lock().getSession());
        anyServer().close(places.get(0).lock().getSession());
    }

    @Test
    void writesUnderTheTokenOfAFormerHolderAreRefusedByAllServers() {
        String path = "/locks/guard";
        List<Place> places = queue(path, 2, LONG);
        long former = places.get(0).token();
        anyServer().guardedSet("/guard", 1, path, former);
        anyServer().release(places.get(0).lock(), former);
        long present = places.get(1).token();

        for (int i = 0; i < servers().size(); i++) {
            CoordinationClient client = only(i);
            assertRefused("LOCK_NOT_HELD", () -> client.guardedSet("/guard", 2, path, former));
            assertRefused("LOCK_NOT_HELD", () -> client.guardedSet("/guard", 2, path, present + 1));
            assertThat(client.guardedSet("/guard", 3, path, present)).isGreaterThan(present);
        }
        places.forEach(place -> anyServer().close(place.lock().getSession()));
    }

    @Test
    void aHolderWhoseSessionExpiredIsFollowedByTheNextAndRefused() {
        String path = "/locks/silent";
        SessionKey silent = anyServer().open(Duration.ofSeconds(2), "silent");
        long former = anyServer().acquire(exclusive(path, silent, "silent"));
        SessionKey next = anyServer().open(LONG, "next");
        long present = anyServer().acquire(exclusive(path, next, "next"));

        assertThat(present).isGreaterThan(former);
        for (int i = 0; i < servers().size(); i++) {
            CoordinationClient client = only(i);
            assertRefused("LOCK_NOT_HELD", () -> client.guardedSet("/silent", 2, path, former));
            assertRefused("SESSION_EXPIRED", () -> client.release(exclusive(path, silent, "silent"), former));
        }
        anyServer().close(next);
    }

    @Test
    void sharedHoldersHoldTogetherAndExcludeTheExclusiveOne() {
        String path = "/locks/shared";
        SessionKey session = anyServer().open(LONG, "readers");
        LockRequest one = exclusive(path, session, "r1").toBuilder()
                .setMode(LockMode.LOCK_MODE_SHARED)
                .build();
        LockRequest two = one.toBuilder().setHolderId("r2").build();
        long first = anyServer().acquire(one);
        long second = anyServer().acquire(two);
        Place writer = enqueue(exclusive(path, session, "w"));
        Place late = enqueue(one.toBuilder().setHolderId("r3").build());
        anyServer().release(one, first);
        assertThat(writer.granted()).isNotDone();
        long released = anyServer().release(two, second);

        assertThat(writer.token()).isEqualTo(released);
        assertThat(late.granted()).as("behind the writer in the queue").isNotDone();
        assertThat(late.tokenAfter(() -> anyServer().release(writer.lock(), released)))
                .isGreaterThan(released);
        anyServer().close(session);
    }

    @Test
    void permitsAreNeverExceeded() throws Exception {
        LockHistory history = new LockHistory(MAX_PERMITS);
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int number = i;
            clients.add(CompletableFuture.runAsync(() -> takePermits(history, number), waiting));
        }
        CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new)).get(300, TimeUnit.SECONDS);

        assertThat(history.violations()).isEmpty();
        assertThat(history.grantCount()).isEqualTo(8 * 15);
    }

    @Test
    void thePromisesHoldThroughTheLossOfTwoLeaders() throws Exception {
        LockHistory history = new LockHistory(0);
        LockHistory shared = new LockHistory(0);
        LockHistory permits = new LockHistory(Contender.PERMITS);
        SessionEndings endings = new SessionEndings();
        MembersObserver members = new MembersObserver(endings);
        AtomicBoolean stopping = new AtomicBoolean();
        ConcurrentLinkedQueue<Long> lost = new ConcurrentLinkedQueue<>();
        Duration timeout = Duration.ofSeconds(4);
        try (PathkeeperClient observer = cluster().client();
                KeepAlives keepAlives = new KeepAlives(servers(), timeout.dividedBy(4), lost::add)) {
            observer.store().create(Contender.MEMBERS, Value.NULL);
            try (Observation observation = observer.observe(ObserveRequest.children(Contender.MEMBERS), members)) {
                Await.until("the observation stands", Cluster.PATIENCE, members::isStanding);
                Contender.Run run = new Contender.Run(
                        servers(), keepAlives, history, shared, permits, endings, timeout, Duration.ofMinutes(5));
                List<CompletableFuture<Void>> contenders = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    contenders.add(CompletableFuture.runAsync(new Contender(run, i, 7, stopping::get), waiting));
                }
                for (int i = 0; i < 2; i++) {
                    awaitGrants(history, 30);
                    loseLeader();
                }
                awaitGrants(history, 30);
                stopping.set(true);
                CompletableFuture.allOf(contenders.toArray(CompletableFuture[]::new))
                        .get(200, TimeUnit.SECONDS);
                Await.until("all sessions are over", timeout.plus(SLACK), endings::isComplete);
                assertThat(observation.ended()).isNotDone();
            }
            for (LockHistory lock : List.of(history, shared, permits)) {
                members.endRevisions().forEach(lock::sessionEnded);

                assertThat(lock.violations()).as("%s", lock).isEmpty();
                assertThat(lock.grantCount()).isPositive();
            }
            assertThat(endings.violations()).isEmpty();
            assertThat(members.faults()).isEmpty();
            assertThat(history.refusalCount()).isPositive();
        }
    }

    private static void awaitGrants(LockHistory history, int more) {
        int goal = history.grantCount() + more;
        Await.until(more + " more grants", Cluster.PATIENCE, () -> history.grantCount() >= goal);
    }

    private void takePermits(LockHistory history, int number) {
        CoordinationClient client = new CoordinationClient(servers(), number, Duration.ofMinutes(2));
        SessionKey session = client.open(LONG, "permits-" + number);
        for (int turn = 0; turn < 15; turn++) {
            LockRequest lock = LockRequest.newBuilder()
                    .setPath("/locks/permits")
                    .setSession(session)
                    .setHolderId(number + "." + turn)
                    .setMode(LockMode.LOCK_MODE_PERMITS)
                    .setPermits(1 + (number + turn) % 3)
                    .setMaxPermits(MAX_PERMITS)
                    .build();
            long token = client.acquire(lock);
            GetLockResponse now = client.look(lock.getPath());
            List<Entry> holders = CoordinationClient.entries(now.getLock().getHoldersList());
            history.looked(
                    now.getHeader().getRevision(),
                    holders,
                    CoordinationClient.entries(now.getLock().getWaitersList()));
            history.granted(holders.stream()
                    .filter(holder -> holder.holder().equals(lock.getHolderId()))
                    .findFirst()
                    .orElseThrow());
            history.released(token, lock.getHolderId(), client.release(lock, token));
        }
        client.close(session);
    }

    /** Queues so many holders with a session each, one behind the other; the first one gets the lock. */
    private List<Place> queue(String path, int count, Duration timeout) {
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            SessionKey session = anyServer().open(timeout, "h" + i);
            places.add(enqueue(exclusive(path, session, "h" + i)));
        }
        return places;
    }

    private Place enqueue(LockRequest lock) {
        return Place.enqueue(this::anyServer, lock, waiting);
    }
}
