package io.pathkeeper.client;

import static io.pathkeeper.client.PipelineTest.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pathkeeper.client.coordination.LockGrant;
import io.pathkeeper.client.coordination.LockInfo;
import io.pathkeeper.client.coordination.LockRequest;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.memory.MemoryCluster;
import io.pathkeeper.client.memory.MemoryServer;
import io.pathkeeper.client.model.SetOptions;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.session.PathkeeperSession;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Locks over the wire: grants, queues, what is left behind, and what happens when connections break. */
@Timeout(180)
class LockTest {
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

    private CompletableFuture<LockGrant> queue(PathkeeperSession by, int waitersBefore) {
        CompletableFuture<LockGrant> waiting = client.locks().acquireAsync(LockRequest.exclusive("/l", by));
        await().until(() -> cluster.lockSizes("/l").get(1) == waitersBefore + 1);
        return waiting;
    }

    private static <R> R get(CompletableFuture<R> future) {
        return future.orTimeout(60, TimeUnit.SECONDS).join();
    }

    @Test
    void grantsAreGivenInOrderWithGrowingTokens() {
        LockGrant first = client.locks().acquire(LockRequest.exclusive("/l", session));
        List<Long> positions = new CopyOnWriteArrayList<>();
        CompletableFuture<LockGrant> second = queue(other, 0);
        CompletableFuture<LockGrant> third =
                client.locks().acquireAsync(LockRequest.exclusive("/l", session), positions::add);
        await().until(() -> positions.contains(1L));
        assertThat(second).isNotDone();
        get(first.release());
        LockGrant next = get(second);
        assertThat(next.token()).isGreaterThan(first.token());
        assertThat(first.isHeld()).isFalse();
        assertThat(next.isHeld()).isTrue();
        assertThat(third).isNotDone();
        get(next.release());
        assertThat(get(third).token()).isGreaterThan(next.token());
        assertThat(positions).containsExactly(1L, 0L);
    }

    @Test
    void guardedWriteFailsOnceTheLockHasAnotherHolder() {
        client.store().create("/a", Value.of(0));
        LockGrant first = client.locks().acquire(LockRequest.exclusive("/l", session));
        CompletableFuture<LockGrant> second = queue(other, 0);
        SetOptions asFirst = SetOptions.defaults().guards(first.guards());
        client.store().set("/a", Value.of(1), asFirst);
        cluster.expire(session.id());
        LockGrant next = get(second);
        assertThat(failureOf(client.async().set("/a", Value.of(2), asFirst)).reason())
                .isEqualTo(Reason.LOCK_NOT_HELD);
        client.store().set("/a", Value.of(3), SetOptions.defaults().guards(next.guards()));
        assertThat(client.store().get("/a").value()).isEqualTo(Value.of(3));
    }

    @Test
    void isNotHeldAnyMoreWhenItsSessionIsClosed() {
        LockGrant grant = client.locks().acquire(LockRequest.exclusive("/l", session));
        session.close();
        assertThat(grant.isHeld()).isFalse();
        get(grant.release());
    }

    @Test
    void tryAcquireLeavesNothing() {
        LockGrant held = client.locks().acquire(LockRequest.exclusive("/l", session));
        Optional<LockGrant> none = client.locks().tryAcquire(LockRequest.exclusive("/l", other), Duration.ZERO);
        assertThat(none).isEmpty();
        assertThat(cluster.lockSizes("/l")).containsExactly(1, 0);
        get(held.release());
        assertThat(client.locks().tryAcquire(LockRequest.exclusive("/l", other), Duration.ZERO))
                .isPresent();
    }

    @Test
    void cancelledRequestLeavesTheQueue() {
        client.locks().acquire(LockRequest.exclusive("/l", session));
        CompletableFuture<LockGrant> waiting = queue(other, 0);
        waiting.cancel(false);
        await().until(() -> cluster.lockSizes("/l").equals(List.of(1, 0)));
    }

    @Test
    void brokenStreamIsMendedAndWhatItLeftBehindIsGivenUp() {
        LockGrant held = client.locks().acquire(LockRequest.exclusive("/l", session));
        CompletableFuture<LockGrant> waiting = queue(other, 0);
        server.coordination.takesBackLate = true;
        server.breakStreams();
        get(held.release());
        LockGrant grant = get(waiting);
        await().until(() -> cluster.lockSizes("/l").equals(List.of(1, 0)));
        // The server behind the broken stream notices only now that its client has gone.
        server.coordination.takeBackLate();
        LockInfo lock = get(client.locks().info("/l"));
        assertThat(lock.holders()).hasSize(1);
        assertThat(lock.holders().get(0).token()).isEqualTo(grant.token());
        assertThat(lock.holders().get(0).holderId()).isEqualTo(grant.holderId());
        assertThat(lock.waiterCount()).isZero();
    }

    @Test
    void grantStaysThoughItsStreamBreaks() {
        server.coordination.grantsToBreak.set(1);
        LockGrant grant = client.locks().acquire(LockRequest.exclusive("/l", session));
        assertThat(grant.holderId()).doesNotContain("~");
        LockInfo lock = get(client.locks().info("/l"));
        assertThat(lock.holders()).hasSize(1);
        assertThat(lock.holders().get(0).token()).isEqualTo(grant.token());
        assertThat(lock.holders().get(0).holderId()).isEqualTo(grant.holderId());
    }

    @Test
    void sharedAndPermitsFitTogether() {
        LockGrant one = client.locks().acquire(LockRequest.shared("/s", session));
        client.locks().acquire(LockRequest.shared("/s", other));
        assertThat(client.locks().tryAcquire(LockRequest.exclusive("/s", session), Duration.ZERO))
                .isEmpty();
        assertThat(one.isHeld()).isTrue();
        client.locks().acquire(LockRequest.permits("/p", session, 2, 3));
        client.locks().acquire(LockRequest.permits("/p", other, 1, 3));
        assertThat(client.locks().tryAcquire(LockRequest.permits("/p", other, 1, 3), Duration.ZERO))
                .isEmpty();
        assertThat(failureOf(client.locks().acquireAsync(LockRequest.permits("/p", other, 1, 4)))
                        .reason())
                .isEqualTo(Reason.LOCK_MODE_MISMATCH);
        assertThat(get(client.locks().list("", 10, "")).locks())
                .extracting(LockInfo::path)
                .containsExactly("/p", "/s");
    }

    @Test
    void waitingEndsWithTheSession() {
        client.locks().acquire(LockRequest.exclusive("/l", session));
        CompletableFuture<LockGrant> waiting = queue(other, 0);
        other.closeAsync();
        assertThat(failureOf(waiting).reason()).isEqualTo(Reason.SESSION_EXPIRED);
    }

    @Test
    void waitingEndsWithTheClient() {
        client.locks().acquire(LockRequest.exclusive("/l", session));
        CompletableFuture<LockGrant> waiting = queue(other, 0);
        client.close();
        assertThat(failureOf(waiting)).isNotNull();
    }
}
