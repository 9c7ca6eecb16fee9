package io.pathkeeper.server.rpc;

import static io.pathkeeper.server.rpc.CoordinationWire.lock;
import static io.pathkeeper.server.rpc.WireFixture.reasonOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pathkeeper.server.coordination.LockState;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.v1.AcquireLockRequest;
import io.pathkeeper.v1.AcquireLockResponse;
import io.pathkeeper.v1.GetLockRequest;
import io.pathkeeper.v1.ListLocksRequest;
import io.pathkeeper.v1.ListLocksResponse;
import io.pathkeeper.v1.Lock;
import io.pathkeeper.v1.LockEntry;
import io.pathkeeper.v1.LockMode;
import io.pathkeeper.v1.LockRequest;
import io.pathkeeper.v1.LockServiceGrpc;
import io.pathkeeper.v1.ReleaseLockRequest;
import io.pathkeeper.v1.SessionKey;
import io.pathkeeper.v1.TryAcquireLockRequest;
import io.pathkeeper.v1.TryAcquireLockResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** LockService on the wire. */
@Timeout(60)
class LockEndpointTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private CoordinationWire all;
    private SessionKey session;

    @BeforeEach
    void start() throws IOException {
        begin(Map.of());
    }

    private void begin(Map<String, String> settings) throws IOException {
        all = new CoordinationWire(settings);
        session = all.open("worker");
    }

    @AfterEach
    void stop() {
        all.close();
    }

    private LockState state(String path) {
        return all.direct.locks().find(ZnodePath.parse(path));
    }

    private TryAcquireLockResponse tryNow(LockRequest.Builder lock) {
        return all.locks()
                .tryAcquireLock(TryAcquireLockRequest.newBuilder().setLock(lock).build());
    }

    private long release(String path, SessionKey of, String holder, long token) {
        return all.locks()
                .releaseLock(ReleaseLockRequest.newBuilder()
                        .setPath(path)
                        .setSession(of)
                        .setHolderId(holder)
                        .setToken(token)
                        .build())
                .getRevision();
    }

    @Test
    void waitersAreGrantedInOrderWithAscendingTokensAndHearOfTheirPlaces() {
        List<CoordinationWire.Stream<AcquireLockRequest, AcquireLockResponse>> waiting = new ArrayList<>();
        long token = tryNow(lock("/l", session, "h")).getToken();
        for (int i = 0; i < 3; i++) {
            waiting.add(all.acquire(lock("/l", session, "w" + i)));
            assertThat(waiting.get(i).next().getQueued().getPosition()).isEqualTo(i);
        }

        String holder = "h";
        for (int i = 0; i < 3; i++) {
            release("/l", session, holder, token);
            long granted = waiting.get(i).next().getGranted().getToken();
            waiting.get(i).endsWell();
            assertThat(granted).isGreaterThan(token);
            for (int k = i + 1; k < 3; k++) {
                assertThat(waiting.get(k).next().getQueued().getPosition()).isEqualTo(k - i - 1);
            }
            token = granted;
            holder = "w" + i;
        }
    }

    @Test
    void aFreeLockIsGrantedWithoutQueueing() {
        var stream = all.acquire(lock("/l", session, "h"));

        assertThat(stream.next().getGranted().getToken())
                .isEqualTo(state("/l").holders().get(0).token());
        stream.endsWell();
        await().atMost(SOON).until(() -> all.direct.watches.callCount() == 0);
    }

    @Test
    void cancellingLeavesTheQueue() {
        long token = tryNow(lock("/l", session, "h")).getToken();
        var leaver = all.acquire(lock("/l", session, "leaver"));
        leaver.next();
        var stayer = all.acquire(lock("/l", session, "stayer"));
        stayer.next();

        leaver.cancel();

        assertThat(stayer.next().getQueued().getPosition()).isZero();
        release("/l", session, "h", token);
        assertThat(stayer.next().getGranted().getToken()).isGreaterThan(token);
        await().atMost(SOON).until(() -> all.direct.watches.callCount() == 0);
    }

    @Test
    void aDeadlineLeavesNothingBehind() {
        tryNow(lock("/l", session, "h"));
        var stream = new CoordinationWire.Stream<AcquireLockRequest, AcquireLockResponse>();
        LockServiceGrpc.newStub(all.wire.channel)
                .withDeadlineAfter(300, TimeUnit.MILLISECONDS)
                .acquireLock(
                        AcquireLockRequest.newBuilder()
                                .setLock(lock("/l", session, "late"))
                                .build(),
                        stream);
        stream.next();

        await().atMost(SOON).until(() -> state("/l").waiters().isEmpty() && all.direct.watches.callCount() == 0);

        assertThat(state("/l").holders()).extracting(entry -> entry.holderId()).containsExactly("h");
    }

    @Test
    void whatWasGrantedToAClientThatHadLeftIsGivenBack() {
        all.direct.held = new CompletableFuture<>();
        int before = all.direct.proposals.get();
        var stream = all.acquire(lock("/l", session, "h"));
        await().atMost(SOON).until(() -> all.direct.proposals.get() == before + 1);

        stream.cancel();
        await().atMost(SOON).until(() -> all.direct.proposals.get() == before + 2);
        all.direct.held.complete(null);
        all.direct.settle();

        assertThat(state("/l")).isNull();
        assertThat(tryNow(lock("/l", session, "next")).getAcquired()).isTrue();
        await().atMost(SOON).until(() -> all.direct.watches.callCount() == 0);
    }

    @Test
    void givingBackIsTriedAgainUntilItIsApplied() {
        tryNow(lock("/l", session, "h"));
        var leaver = all.acquire(lock("/l", session, "leaver"));
        leaver.next();
        all.direct.failing = command -> true;
        int before = all.direct.proposals.get();
        leaver.cancel();
        await().atMost(SOON).until(() -> all.direct.proposals.get() >= before + 2);
        assertThat(state("/l").waiters()).hasSize(1);

        all.direct.failing = null;

        await().atMost(SOON).until(() -> state("/l").waiters().isEmpty());
    }

    @Test
    void theSameHolderAskingAgainSharesThePlaceAndOneLeavingKeepsIt() {
        long token = tryNow(lock("/l", session, "h")).getToken();
        var first = all.acquire(lock("/l", session, "same"));
        first.next();
        var second = all.acquire(lock("/l", session, "same"));
        assertThat(second.next().getQueued().getPosition()).isZero();
        assertThat(state("/l").waiters()).hasSize(1);

        first.cancel();
        await().atMost(SOON).until(() -> all.direct.watches.callCount() == 1);
        release("/l", session, "h", token);

        assertThat(second.next().getGranted().getToken()).isGreaterThan(token);
        assertThat(tryNow(lock("/l", session, "same")).getToken())
                .isEqualTo(state("/l").holders().get(0).token());
    }

    @Test
    void theEndOfTheSessionEndsItsWaitAndGrantsToTheNext() {
        SessionKey dying = all.open("dying");
        tryNow(lock("/l", dying, "h"));
        var alsoDying = all.acquire(lock("/l", dying, "w"));
        alsoDying.next();
        var living = all.acquire(lock("/l", session, "w"));
        assertThat(living.next().getQueued().getPosition()).isEqualTo(1);

        all.direct.expire(dying.getId());

        assertThat(alsoDying.endReason()).isEqualTo("SESSION_EXPIRED");
        assertThat(living.next().getGranted().getToken())
                .isEqualTo(all.direct.view().revision());
    }

    @Test
    void tryWithoutWaitingTellsWhoHoldsItAndLeavesNothing() {
        tryNow(lock("/l", session, "h").setNote("busy"));

        TryAcquireLockResponse answer = tryNow(lock("/l", session, "other"));

        assertThat(answer.getAcquired()).isFalse();
        assertThat(answer.getToken()).isZero();
        LockEntry holder = answer.getHolders(0);
        assertThat(holder.getHolderId()).isEqualTo("h");
        assertThat(holder.getNote()).isEqualTo("busy");
        assertThat(holder.getClientIdentity()).isEqualTo("worker");
        assertThat(state("/l").waiters()).isEmpty();
    }

    @Test
    void tryWithAWaitGivesUpInTimeAndLeavesNothing() {
        tryNow(lock("/l", session, "h"));
        long begun = System.nanoTime();

        TryAcquireLockResponse answer = all.locks()
                .tryAcquireLock(TryAcquireLockRequest.newBuilder()
                        .setLock(lock("/l", session, "other"))
                        .setWaitMs(200)
                        .build());

        assertThat(answer.getAcquired()).isFalse();
        assertThat(answer.getHoldersCount()).isEqualTo(1);
        assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(200));
        assertThat(state("/l").waiters()).isEmpty();
        await().atMost(SOON).until(() -> all.direct.watches.callCount() == 0);
    }

    @Test
    void tryWithAWaitIsGrantedWhenTheHolderReleasesInTime() {
        long token = tryNow(lock("/l", session, "h")).getToken();
        var answer = LockServiceGrpc.newFutureStub(all.wire.channel)
                .tryAcquireLock(TryAcquireLockRequest.newBuilder()
                        .setLock(lock("/l", session, "other"))
                        .setWaitMs(9_000)
                        .build());
        await().atMost(SOON).until(() -> !state("/l").waiters().isEmpty());

        release("/l", session, "h", token);

        assertThat(answer).succeedsWithin(SOON).satisfies(got -> {
            assertThat(got.getAcquired()).isTrue();
            assertThat(got.getToken()).isGreaterThan(token);
        });
    }

    @Test
    void aWaitBeyondTheDeadlineOrTheLimitIsRefused() {
        for (long wait : new long[] {-1, 300_001, 20_000}) {
            assertThat(reasonOf(() -> all.locks()
                            .tryAcquireLock(TryAcquireLockRequest.newBuilder()
                                    .setLock(lock("/l", session, "h"))
                                    .setWaitMs(wait)
                                    .build())))
                    .isEqualTo("ARGUMENT_INVALID");
        }
        assertThat(state("/l")).isNull();
    }

    @Test
    void permitsAreHeldUpToTheirNumberAndInOrder() {
        LockRequest.Builder two = lock("/p", session, "two")
                .setMode(LockMode.LOCK_MODE_PERMITS)
                .setPermits(2)
                .setMaxPermits(3);
        long token = tryNow(two).getToken();
        var large = all.acquire(two.clone().setHolderId("large").setPermits(3));
        assertThat(large.next().getQueued().getPosition()).isZero();

        assertThat(tryNow(two.clone().setHolderId("small").setPermits(1)).getAcquired())
                .as("nobody passes the one who waits")
                .isFalse();
        assertThat(reasonOf(() -> tryNow(two.clone().setHolderId("otherwise").setMaxPermits(4))))
                .isEqualTo("LOCK_MODE_MISMATCH");
        assertThat(reasonOf(() -> tryNow(lock("/p", session, "exclusive")))).isEqualTo("LOCK_MODE_MISMATCH");
        release("/p", session, "two", token);
        assertThat(large.next().getGranted().getToken()).isGreaterThan(token);
    }

    @Test
    void readersShareAndDoNotPassAWriterThatWaits() {
        LockRequest.Builder shared = lock("/rw", session, "r1").setMode(LockMode.LOCK_MODE_SHARED);
        long first = tryNow(shared).getToken();
        long second = tryNow(shared.clone().setHolderId("r2")).getToken();
        var writer = all.acquire(lock("/rw", session, "w"));
        writer.next();
        var reader = all.acquire(shared.clone().setHolderId("r3"));
        assertThat(reader.next().getQueued().getPosition()).isEqualTo(1);

        release("/rw", session, "r1", first);
        release("/rw", session, "r2", second);

        long writing = writer.next().getGranted().getToken();
        assertThat(reader.next().getQueued().getPosition()).isZero();
        release("/rw", session, "w", writing);
        assertThat(reader.next().getGranted().getToken()).isGreaterThan(writing);
    }

    @Test
    void theDelayCountsAfterExpiryOnly() {
        SessionKey dying = all.open("");
        tryNow(lock("/d", dying, "h").setLockDelayMs(400));
        var waiter = all.acquire(lock("/d", session, "w"));
        waiter.next();

        all.direct.expire(dying.getId());

        assertThat(state("/d").holders()).isEmpty();
        assertThat(tryNow(lock("/d", session, "w2")).getAcquired()).isFalse();
        await().atMost(SOON).until(() -> {
            all.direct.letTimePass();
            return !waiter.isQuiet();
        });
        long token = waiter.next().getGranted().getToken();
        release("/d", session, "w", token);
        assertThat(tryNow(lock("/d", session, "w3").setLockDelayMs(60_000)).getAcquired())
                .isTrue();
    }

    @Test
    void onlyTheHolderReleasesAndOnlyOnce() {
        SessionKey other = all.open("");
        long token = tryNow(lock("/l", session, "h")).getToken();

        assertThat(reasonOf(() -> release("/l", other, "h", token))).isEqualTo("LOCK_NOT_HELD");
        assertThat(reasonOf(() -> release("/l", session, "x", token))).isEqualTo("LOCK_NOT_HELD");
        assertThat(reasonOf(() -> release("/l", session, "h", token + 1))).isEqualTo("LOCK_NOT_HELD");
        assertThat(reasonOf(() -> release("/l", session, "h", -1))).isEqualTo("ARGUMENT_INVALID");
        release("/l", session, "h", token);
        assertThat(reasonOf(() -> release("/l", session, "h", token))).isEqualTo("LOCK_NOT_HELD");
    }

    @Test
    void withoutATokenWhateverTheHolderHasIsGivenUp() {
        tryNow(lock("/l", session, "h"));
        var waiter = all.acquire(lock("/l", session, "w"));
        waiter.next();

        release("/l", session, "w", 0);

        assertThat(waiter.endReason()).isEqualTo("LOCK_NOT_HELD");
        assertThat(state("/l").waiters()).isEmpty();
        assertThat(reasonOf(() -> release("/l", session, "w", 0))).isEqualTo("LOCK_NOT_HELD");
        release("/l", session, "h", 0);
        assertThat(state("/l")).isNull();
    }

    @Test
    void badRequestsAreRefusedBeforeAnythingIsProposed() {
        int before = all.direct.proposals.get();
        List<LockRequest.Builder> bad = List.of(
                lock("no-slash", session, ""),
                lock("/l", SessionKey.getDefaultInstance(), ""),
                lock("/l", session, "h".repeat(129)),
                lock("/l", session, "").setNote("n".repeat(257)),
                lock("/l", session, "").setLockDelayMs(60_001),
                lock("/l", session, "").setLockDelayMs(-1),
                lock("/l", session, "").setPermits(1),
                lock("/l", session, "").setModeValue(77),
                lock("/l", session, "").setMode(LockMode.LOCK_MODE_PERMITS).setMaxPermits(3),
                lock("/l", session, "")
                        .setMode(LockMode.LOCK_MODE_PERMITS)
                        .setPermits(4)
                        .setMaxPermits(3));

        for (LockRequest.Builder lock : bad) {
            assertThat(reasonOf(() -> tryNow(lock))).isIn("ARGUMENT_INVALID", "PATH_INVALID");
            assertThat(all.acquire(lock).endReason()).isIn("ARGUMENT_INVALID", "PATH_INVALID");
        }

        assertThat(all.direct.proposals.get()).isEqualTo(before);
        assertThat(all.direct.watches.callCount()).isZero();
    }

    @Test
    void showsAndListsLocksPageByPage() {
        for (int i = 0; i < 5; i++) {
            tryNow(lock("/locks/l" + i, session, "h"));
        }
        tryNow(lock("/other", session, "h"));
        List<String> paths = new ArrayList<>();
        String token = "";
        do {
            ListLocksResponse page = all.locks()
                    .listLocks(ListLocksRequest.newBuilder()
                            .setPath("/locks")
                            .setPageSize(2)
                            .setPageToken(token)
                            .build());
            page.getLocksList().forEach(lock -> paths.add(lock.getPath()));
            token = page.getNextPageToken();
        } while (!token.isEmpty());

        assertThat(paths).containsExactly("/locks/l0", "/locks/l1", "/locks/l2", "/locks/l3", "/locks/l4");
        Lock shown = all.locks()
                .getLock(GetLockRequest.newBuilder().setPath("/other").build())
                .getLock();
        assertThat(shown.getHolders(0).getSessionId()).isEqualTo(session.getId());
        assertThat(shown.getWaiterCount()).isZero();
        assertThat(all.locks()
                        .getLock(GetLockRequest.newBuilder().setPath("/nobody").build())
                        .getLock()
                        .getHoldersCount())
                .isZero();
    }

    @Test
    void tooManyWaitingCallsAreRefusedAndLeaveRoomWhenTheyEnd() throws IOException {
        all.close();
        begin(Map.of("limits.waiting_calls", "2"));
        long token = tryNow(lock("/l", session, "h")).getToken();
        await().atMost(SOON).until(() -> all.direct.watches.callCount() == 0);
        var first = all.acquire(lock("/l", session, "w1"));
        first.next();
        all.acquire(lock("/l", session, "w2")).next();

        assertThat(all.acquire(lock("/l", session, "w3")).endReason()).isEqualTo("OVERLOADED");

        release("/l", session, "h", token);
        first.next();
        await().atMost(SOON).until(() -> all.direct.watches.callCount() == 1);
        assertThat(all.acquire(lock("/free", session, "w3")).next().hasGranted())
                .isTrue();
    }

    @Test
    void theStopOfTheServerKeepsThePlaces() {
        tryNow(lock("/l", session, "h"));
        var waiter = all.acquire(lock("/l", session, "w"));
        waiter.next();

        all.direct.watches.close();

        assertThat(waiter.endReason()).isEqualTo("SHUTTING_DOWN");
        all.direct.settle();
        assertThat(state("/l").waiters()).hasSize(1);
    }
}
