package io.pathkeeper.client.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.model.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class SharedStateTest extends MemoryFixture {
    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    void noAdditionToACounterIsLost() {
        SharedCounter counter = new SharedCounter(client, "/counters/c");
        assertThat(counter.get()).isZero();
        List<CompletableFuture<Long>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            all.add(elsewhere(() -> {
                long last = 0;
                for (int n = 0; n < 25; n++) {
                    last = counter.increment();
                }
                return last;
            }));
        }
        all.forEach(MemoryFixture::get);
        assertThat(counter.get()).isEqualTo(200);
        assertThat(counter.add(-50)).isEqualTo(150);
        assertThat(get(counter.addAsync(1))).isEqualTo(151);
        assertThat(counter.compareAndSet(151, 7)).isTrue();
        assertThat(counter.compareAndSet(151, 8)).isFalse();
        assertThat(counter.get()).isEqualTo(7);
    }

    @Test
    void barrierHoldsUntilItIsRemoved() {
        Barrier barrier = new Barrier(client, "/barriers/b");
        assertThat(barrier.set()).isTrue();
        assertThat(barrier.set()).isFalse();
        assertThat(barrier.await(Duration.ofMillis(50))).isFalse();
        CompletableFuture<Boolean> waiting = elsewhere(() -> barrier.await(LONG));
        assertThat(new Barrier(client, "/barriers/b").remove()).isTrue();
        assertThat(get(waiting)).isTrue();
        assertThat(barrier.remove()).isFalse();
        assertThat(cluster.paths()).isEmpty();
    }

    @Test
    void doubleBarrierIsPassedTogetherRoundByRound() {
        DoubleBarrier one = new DoubleBarrier(client, session, "/d", 2);
        DoubleBarrier two = new DoubleBarrier(client, other, "/d", 2);
        for (int round = 0; round < 3; round++) {
            CompletableFuture<Boolean> first = elsewhere(() -> one.enter(LONG));
            await().until(() -> one.memberCount() == 1);
            assertThat(first).isNotDone();
            assertThat(two.enter(LONG)).isTrue();
            assertThat(get(first)).isTrue();
            CompletableFuture<Boolean> leaving = elsewhere(() -> one.leave(LONG));
            await().until(() -> two.memberCount() == 1);
            assertThat(leaving).isNotDone();
            assertThat(two.leave(LONG)).isTrue();
            assertThat(get(leaving)).isTrue();
        }
    }

    @Test
    void doubleBarrierLeavesNothingWhenTheTimeIsOver() {
        DoubleBarrier barrier = new DoubleBarrier(client, session, "/d", 2);
        assertThat(barrier.enter(Duration.ofMillis(50))).isFalse();
        assertThat(barrier.memberCount()).isZero();
        long revision = cluster.revision();
        assertThat(new DoubleBarrier(client, other, "/d", 2).leave(LONG)).isTrue();
        assertThat(cluster.revision()).isEqualTo(revision);
    }

    @Test
    void roundWhoseMembersHaveDiedDoesNotHoldUpTheNext() {
        DoubleBarrier dead = new DoubleBarrier(client, other, "/d", 1);
        assertThat(dead.enter(LONG)).isTrue();
        cluster.expire(other.id());
        assertThat(new DoubleBarrier(client, session, "/d", 1).enter(LONG)).isTrue();
    }

    @Test
    void queueGivesEachEntryOnceInOrder() {
        DistributedQueue queue = new DistributedQueue(client, session, "/q");
        assertThat(queue.poll()).isEmpty();
        for (int i = 0; i < 5; i++) {
            queue.add(Value.of(i));
        }
        DistributedQueue elsewhere = new DistributedQueue(client, other, "/q");
        List<Long> seen = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            DistributedQueue.Claim claim =
                    (i % 2 == 0 ? queue : elsewhere).poll().orElseThrow();
            seen.add(claim.value().asLong());
            if (i > 1) {
                claim.acknowledge();
            }
        }
        assertThat(seen).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(queue.size()).isEqualTo(2);
        assertThat(queue.poll()).isEmpty();
    }

    @Test
    void entryOfADeadSessionComesAgainAndItsAcknowledgementIsRefused() {
        DistributedQueue queue = new DistributedQueue(client, session, "/q");
        DistributedQueue dead = new DistributedQueue(client, other, "/q");
        queue.add(Value.of(1));
        DistributedQueue.Claim lost = dead.poll().orElseThrow();
        CompletableFuture<Optional<DistributedQueue.Claim>> waiting = elsewhere(() -> queue.take(LONG));
        cluster.expire(other.id());
        DistributedQueue.Claim claim = get(waiting).orElseThrow();
        assertThat(claim.value()).isEqualTo(Value.of(1));
        assertThatThrownBy(lost::acknowledge).isInstanceOf(PathkeeperException.class);
        claim.acknowledge();
        assertThat(queue.size()).isZero();
    }

    @Test
    void releasedEntryIsClaimedAgain() {
        DistributedQueue queue = new DistributedQueue(client, session, "/q");
        queue.add(Value.of(1));
        queue.poll().orElseThrow().release();
        assertThat(queue.poll()).isPresent();
        assertThat(queue.take(Duration.ofMillis(50))).isEmpty();
    }
}
