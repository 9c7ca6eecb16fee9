package io.pathkeeper.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.it.cluster.Await;
import io.pathkeeper.it.cluster.ClusterKind;
import io.pathkeeper.it.cluster.ClusterOptions;
import io.pathkeeper.it.coordination.ServerStubs;
import io.pathkeeper.v1.Lock;
import io.pathkeeper.v1.LockEntry;
import io.pathkeeper.v1.LockMode;
import io.pathkeeper.v1.LockRequest;
import io.pathkeeper.v1.SessionKey;
import io.pathkeeper.v1.TryAcquireLockRequest;
import io.pathkeeper.v1.TryAcquireLockResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A lock whose holder's session has expired is kept back for its delay, whoever leads, and then goes to the first of the living. */
abstract class LockDelayScenarios extends CoordinationScenarios {
    private static final Duration BRIEF = Duration.ofSeconds(4);
    private static final Duration DELAY = Duration.ofSeconds(8);

    private final ExecutorService waiting = Executors.newCachedThreadPool();

    LockDelayScenarios(ClusterKind kind) {
        super(kind, ClusterOptions.three());
    }

    @AfterAll
    void endThreads() {
        waiting.shutdownNow();
    }

    @Test
    void behindAnExpiryTheFirstOfTheLivingIsGrantedWhenTheDelayIsOverWhoeverLeads() {
        String path = "/locks/delayed";
        long begun = System.nanoTime();
        long former = anyServer().acquire(delayed(path, BRIEF, "former"));
        Place dying = enqueue(exclusive(path, anyServer().open(BRIEF, "dying"), "dying"));
        Place second = enqueue(exclusive(path, anyServer().open(LONG, "second"), "second"));
        CompletableFuture<Long> grantedNanos = second.granted().thenApply(granted -> System.nanoTime());
        Place third = enqueue(exclusive(path, anyServer().open(LONG, "third"), "third"));
        Await.until("former and dying are over", BRIEF.plus(SLACK), () -> {
            Lock now = look(path);
            return now.getHoldersCount() == 0 && now.getWaitersCount() == 2;
        });
        SessionKey passing = anyServer().open(LONG, "passing");
        assertThat(tryAcquire(exclusive(path, passing, "passing")).getAcquired())
                .as("while the delay runs and others wait")
                .isFalse();
        loseLeader();
        long token = second.token();

        assertThat(grantedNanos.join() - begun)
                .as("nanoseconds from the opening of the holder's session to the next grant")
                .isGreaterThanOrEqualTo(BRIEF.plus(DELAY).toNanos());
        assertThat(token).isGreaterThan(former);
        assertThat(dying.granted())
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .havingRootCause()
                .asInstanceOf(InstanceOfAssertFactories.throwable(io.grpc.StatusRuntimeException.class))
                .extracting(ServerStubs::reasonOf)
                .isEqualTo("SESSION_EXPIRED");
        assertThat(third.granted()).isNotDone();
        assertThat(look(path).getHoldersList())
                .extracting(LockEntry::getHolderId)
                .containsExactly("second");
        assertRefused("LOCK_NOT_HELD", () -> anyServer().guardedSet("/delayed", 1, path, former));
        long released = anyServer().release(second.lock(), token);
        assertThat(third.token()).as("a release knows no delay").isEqualTo(released);
        close(second, third);
        anyServer().close(passing);
    }

    @Test
    void aReleaseAndAClosedSessionKnowNoDelay() {
        String path = "/locks/released";
        LockRequest first = delayed(path, LONG, "first");
        long token = anyServer().acquire(first);
        Place second = enqueue(delayed(path, LONG, "second"));
        Place third = enqueue(delayed(path, LONG, "third"));
        long released = anyServer().release(first, token);
        assertThat(second.token()).isEqualTo(released);
        long closed = anyServer().close(second.lock().getSession()).getRevision();
        assertThat(third.token()).isEqualTo(closed);
        anyServer().close(first.getSession());
        close(third);
    }

    @Test
    void permitsOfAnExpiredHolderComeBackTogetherBehindTheDelayAndNoMoreThanThereAre() {
        String path = "/locks/delayed-permits";
        long begun = System.nanoTime();
        anyServer().acquire(permits(delayed(path, BRIEF, "former"), 2));
        Place first = enqueue(permits(delayed(path, LONG, "first"), 1));
        Place second = enqueue(permits(delayed(path, LONG, "second"), 1));
        Place third = enqueue(permits(delayed(path, LONG, "third"), 1));
        long token = first.token();

        assertThat(millisSince(begun)).isGreaterThanOrEqualTo(BRIEF.plus(DELAY).toMillis());
        assertThat(second.token())
                .as("both fit, so both are granted at one revision")
                .isEqualTo(token);
        assertThat(third.granted()).isNotDone();
        Lock now = look(path);
        assertThat(now.getHoldersList().stream()
                        .mapToLong(LockEntry::getPermits)
                        .sum())
                .isEqualTo(2);
        assertThat(now.getWaitersList()).extracting(LockEntry::getHolderId).containsExactly("third");
        long released = anyServer().release(second.lock(), token);
        assertThat(third.token()).isEqualTo(released);
        close(first, second, third);
    }

    private LockRequest delayed(String path, Duration timeout, String holder) {
        return exclusive(path, anyServer().open(timeout, holder), holder).toBuilder()
                .setLockDelayMs(DELAY.toMillis())
                .build();
    }

    private static LockRequest permits(LockRequest lock, long permits) {
        return lock.toBuilder()
                .setMode(LockMode.LOCK_MODE_PERMITS)
                .setPermits(permits)
                .setMaxPermits(2)
                .build();
    }

    private Place enqueue(LockRequest lock) {
        return Place.enqueue(this::anyServer, lock, waiting);
    }

    private Lock look(String path) {
        return anyServer().look(path).getLock();
    }

    private TryAcquireLockResponse tryAcquire(LockRequest lock) {
        return anyServer()
                .call(server -> server.locks(CALL_LIMIT)
                        .tryAcquireLock(
                                TryAcquireLockRequest.newBuilder().setLock(lock).build()));
    }

    private void close(Place... places) {
        for (Place place : places) {
            anyServer().close(place.lock().getSession());
        }
    }
}
