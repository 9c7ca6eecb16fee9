package io.pathkeeper.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.recipe.Barrier;
import io.pathkeeper.client.recipe.DistributedQueue;
import io.pathkeeper.client.recipe.DoubleBarrier;
import io.pathkeeper.client.recipe.SharedCounter;
import io.pathkeeper.it.cluster.Await;
import io.pathkeeper.it.cluster.Cluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The recipes that share a state keep their promises when the leader is killed in the middle. */
class RecipeStateProcessIT extends RecipeScenarios {
    @Test
    void noAdditionIsLostOrMadeTwiceThroughTheLossOfTheLeader() {
        SharedCounter counter = new SharedCounter(one().client(), "/counters/recipe");
        assertThat(counter.get()).isZero();
        List<CompletableFuture<Long>> counting = new ArrayList<>();
        for (Program program : List.of(one(), two())) {
            SharedCounter own = new SharedCounter(program.client(), "/counters/recipe");
            counting.add(program.inBackground(() ->
                    LongStream.range(0, 1_000).map(i -> own.increment()).max().orElseThrow()));
        }
        Await.until("some of it is counted", Cluster.PATIENCE, () -> counter.get() >= 100);
        loseLeader();
        counting.forEach(RecipeScenarios::get);
        assertThat(counter.get()).isEqualTo(2_000);
    }

    @Test
    void aBarrierStandsThroughTheLossOfTheLeaderUntilItIsRemoved() {
        Barrier barrier = new Barrier(one().client(), "/barriers/recipe");
        assertThat(barrier.set()).isTrue();
        Barrier same = new Barrier(two().client(), "/barriers/recipe");
        CompletableFuture<Boolean> waiting = two().inBackground(() -> same.await(LONG));
        loseLeader();
        assertThat(same.isSet()).isTrue();
        assertThat(waiting).isNotDone();
        assertThat(barrier.remove()).isTrue();
        assertThat(get(waiting)).isTrue();
    }

    @Test
    void membersPassADoubleBarrierTogetherThroughTheLossOfTheLeader() {
        DoubleBarrier first = new DoubleBarrier(one().client(), one().session(), "/barriers/double", 2);
        DoubleBarrier second = new DoubleBarrier(two().client(), two().session(), "/barriers/double", 2);
        CompletableFuture<Boolean> entering = one().inBackground(() -> first.enter(LONG));
        Await.until("one has come", Cluster.PATIENCE, () -> first.memberCount() == 1);
        loseLeader();
        assertThat(entering).isNotDone();
        assertThat(second.enter(LONG)).isTrue();
        assertThat(get(entering)).isTrue();

        CompletableFuture<Boolean> leaving = one().inBackground(() -> first.leave(LONG));
        Await.until("one has left", Cluster.PATIENCE, () -> second.memberCount() == 1);
        loseLeader();
        assertThat(leaving).isNotDone();
        assertThat(second.leave(LONG)).isTrue();
        assertThat(get(leaving)).isTrue();
    }

    @Test
    void anEntryOfAQueueComesAgainWhenItsWorkerHasGoneAndIsThenNobodyElses() {
        DistributedQueue queue = new DistributedQueue(one().client(), one().session(), "/queues/recipe");
        IntStream.range(0, 3).forEach(i -> queue.add(Value.of(i)));
        DistributedQueue other = new DistributedQueue(two().client(), two().session(), "/queues/recipe");
        DistributedQueue.Claim dying = other.poll().orElseThrow();
        assertThat(dying.value()).isEqualTo(Value.of(0));
        DistributedQueue.Claim next = queue.poll().orElseThrow();
        assertThat(next.value()).isEqualTo(Value.of(1));
        loseLeader();
        next.acknowledge();
        two().session().close();
        Optional<DistributedQueue.Claim> again = queue.take(LONG);

        assertThat(again.orElseThrow().value()).isEqualTo(Value.of(0));
        assertThatThrownBy(dying::acknowledge).isInstanceOf(PathkeeperException.class);
        again.orElseThrow().acknowledge();
        assertThat(queue.poll().orElseThrow().value()).isEqualTo(Value.of(2));
        assertThat(queue.poll()).isEmpty();
    }
}
