package io.pathkeeper.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pathkeeper.client.coordination.CampaignRequest;
import io.pathkeeper.client.coordination.Leadership;
import io.pathkeeper.client.coordination.LockGrant;
import io.pathkeeper.client.coordination.LockHolder;
import io.pathkeeper.client.coordination.LockInfo;
import io.pathkeeper.client.error.PathkeeperException;
import io.pathkeeper.client.error.Reason;
import io.pathkeeper.client.model.Guards;
import io.pathkeeper.client.model.SetOptions;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.recipe.DistributedLock;
import io.pathkeeper.client.recipe.DistributedSemaphore;
import io.pathkeeper.client.recipe.LeaderElection;
import io.pathkeeper.client.recipe.LeaderLatch;
import io.pathkeeper.client.recipe.ReadWriteLock;
import io.pathkeeper.it.cluster.Await;
import io.pathkeeper.it.cluster.Cluster;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The recipes in which one excludes others keep their promises when the leader is killed while they are held and waited for. */
class RecipeLockProcessIT extends RecipeScenarios {
    @Test
    void aLockIsHeldThroughTheLossOfTheLeaderAndThenGoesToTheOneThatWaits() {
        DistributedLock first = new DistributedLock(one().client(), one().session(), "/locks/recipe");
        DistributedLock second = new DistributedLock(two().client(), two().session(), "/locks/recipe");
        long token = first.lock();
        Guards former = first.guards();
        CompletableFuture<Long> waiting = two().inBackground(second::lock);
        awaitWaiters("/locks/recipe", 1);
        loseLeader();
        assertThat(first.isHeld()).isTrue();
        write(one(), former);
        awaitWaiters("/locks/recipe", 1);
        assertThat(waiting).isNotDone();
        first.unlock();

        assertThat(get(waiting)).isGreaterThan(token);
        assertThatThrownBy(() -> write(one(), former))
                .isInstanceOfSatisfying(
                        PathkeeperException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.LOCK_NOT_HELD));
        write(two(), second.guards());
        second.unlock();
    }

    @Test
    void readersHoldTogetherThroughTheLossOfTheLeaderAndTheWriterFollowsThemAll() {
        ReadWriteLock first = new ReadWriteLock(one().client(), one().session(), "/locks/rw");
        ReadWriteLock second = new ReadWriteLock(two().client(), two().session(), "/locks/rw");
        ReadWriteLock writer = new ReadWriteLock(two().client(), two().session(), "/locks/rw");
        first.readLock().lock();
        second.readLock().lock();
        CompletableFuture<Long> writing = two().inBackground(writer.writeLock()::lock);
        awaitWaiters("/locks/rw", 1);
        loseLeader();
        assertThat(first.readLock().isHeld() && second.readLock().isHeld()).isTrue();
        awaitWaiters("/locks/rw", 1);
        first.readLock().unlock();
        assertThat(writing).isNotDone();
        long last = second.readLock().token();
        second.readLock().unlock();

        assertThat(get(writing)).isGreaterThan(last);
        assertThat(first.readLock().tryLock(Duration.ZERO)).isFalse();
        writer.writeLock().unlock();
    }

    @Test
    void permitsAreNoMoreThanThereAreBehindTheLossOfTheLeader() {
        String path = "/semaphores/recipe";
        DistributedSemaphore first = new DistributedSemaphore(one().client(), one().session(), path, 3);
        DistributedSemaphore second = new DistributedSemaphore(two().client(), two().session(), path, 3);
        LockGrant two = first.acquire(2);
        LockGrant one = second.acquire(1);
        CompletableFuture<LockGrant> waiting = two().inBackground(() -> second.acquire(2));
        awaitWaiters(path, 1);
        loseLeader();
        assertThat(first.tryAcquire(1, Duration.ZERO)).isEmpty();
        awaitWaiters(path, 1);
        get(two.release());
        LockGrant next = get(waiting);

        assertThat(info(path).holders().stream().mapToLong(LockHolder::permits).sum())
                .isEqualTo(3);
        assertThat(first.tryAcquire(1, Duration.ZERO)).isEmpty();
        get(one.release());
        get(next.release());
        assertThat(info(path).holders()).isEmpty();
    }

    @Test
    void aLeaderLeadsOnThroughTheLossOfTheLeadingServerAndTheLatchOpensBehindIt() {
        String path = "/elections/recipe";
        CompletableFuture<Leadership> elected = new CompletableFuture<>();
        LeaderElection election =
                LeaderElection.start(one().client(), CampaignRequest.of(path, one().session()), elected::complete);
        Leadership first = get(elected);
        try (LeaderLatch latch = new LeaderLatch(two().client(), two().session(), path)) {
            CompletableFuture<Leadership> opening = two().inBackground(latch::await);
            awaitWaiters(path, 1);
            loseLeader();
            assertThat(election.isLeader()).isTrue();
            get(first.proclaim(Value.of("still here")));
            awaitWaiters(path, 1);
            assertThat(latch.hasLeadership()).isFalse();
            election.close();
            Leadership second = get(opening);

            assertThat(second.term()).isGreaterThan(first.term());
            assertThat(latch.hasLeadership()).isTrue();
            assertThat(first.isLeader()).isFalse();
            assertThatThrownBy(() -> write(one(), first.guards())).isInstanceOf(PathkeeperException.class);
            write(two(), second.guards());
        }
    }

    private void write(Program program, Guards guards) {
        program.client()
                .store()
                .set(
                        "/guarded",
                        Value.of("x"),
                        SetOptions.defaults().allowMissing(true).guards(guards));
    }

    private LockInfo info(String path) {
        return get(one().client().locks().info(path));
    }

    private void awaitWaiters(String path, long count) {
        Await.until(
                count + " wait for " + path, Cluster.PATIENCE, () -> info(path).waiterCount() == count);
    }
}
