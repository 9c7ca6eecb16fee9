package io.pathkeeper.client.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pathkeeper.client.coordination.CampaignRequest;
import io.pathkeeper.client.coordination.Leadership;
import io.pathkeeper.client.coordination.LockGrant;
import io.pathkeeper.client.error.PreconditionFailedException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class LockRecipesTest extends MemoryFixture {
    @Test
    void lockIsHeldOnceForEachCallAndGivenBackBehindTheLast() {
        DistributedLock lock = new DistributedLock(client, session, "/l");
        long token = lock.lock();
        assertThat(lock.lock()).isEqualTo(token);
        assertThat(lock.tryLock(Duration.ZERO)).isTrue();
        lock.unlock();
        lock.unlock();
        assertThat(lock.isHeld()).isTrue();
        assertThat(cluster.lockSizes("/l")).containsExactly(1, 0);
        lock.unlock();
        assertThat(lock.isHeld()).isFalse();
        assertThat(cluster.lockSizes("/l")).containsExactly(0, 0);
        assertThatThrownBy(lock::unlock).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void twoObjectsExcludeOneAnotherInOneSession() {
        DistributedLock first = new DistributedLock(client, session, "/l");
        DistributedLock second = new DistributedLock(client, session, "/l");
        long token = first.lock();
        assertThat(second.tryLock(Duration.ZERO)).isFalse();
        CompletableFuture<Long> waiting = elsewhere(second::lock);
        await().until(() -> cluster.lockSizes("/l").get(1) == 1);
        assertThat(waiting).isNotDone();
        first.unlock();
        assertThat(get(waiting)).isGreaterThan(token);
    }

    @Test
    void lockIsNotHeldAnyMoreWhenTheSessionHasEnded() {
        DistributedLock lock = new DistributedLock(client, session, "/l");
        lock.lock();
        session.close();
        assertThat(lock.isHeld()).isFalse();
        assertThatThrownBy(lock::lock).isInstanceOf(PreconditionFailedException.class);
        lock.unlock();
        assertThatThrownBy(lock::lock).isInstanceOf(PreconditionFailedException.class);
    }

    @Test
    void readersShareAndTheWriterWaitsForThemAll() {
        ReadWriteLock one = new ReadWriteLock(client, session, "/rw");
        ReadWriteLock two = new ReadWriteLock(client, other, "/rw");
        one.readLock().lock();
        two.readLock().lock();
        CompletableFuture<Long> writer = elsewhere(two.writeLock()::lock);
        await().until(() -> cluster.lockSizes("/rw").equals(List.of(2, 1)));
        // Another reader stands behind the writer.
        assertThat(new ReadWriteLock(client, other, "/rw").readLock().tryLock(Duration.ZERO))
                .isFalse();
        one.readLock().unlock();
        assertThat(writer).isNotDone();
        two.readLock().unlock();
        get(writer);
        assertThat(cluster.lockSizes("/rw")).containsExactly(1, 0);
    }

    @Test
    void semaphoreGivesNoMorePermitsThanThereAre() {
        DistributedSemaphore semaphore = new DistributedSemaphore(client, session, "/s", 3);
        LockGrant two = semaphore.acquire(2);
        assertThat(semaphore.tryAcquire(2, Duration.ZERO)).isEmpty();
        LockGrant one = semaphore.acquire(1);
        get(two.release());
        assertThat(semaphore.tryAcquire(2, Duration.ZERO)).isPresent();
        assertThat(one.isHeld()).isTrue();
        assertThatThrownBy(() -> new DistributedSemaphore(client, session, "/s", 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void electionStandsAgainWhenTheLeadershipIsGivenUp() {
        List<Long> terms = new CopyOnWriteArrayList<>();
        List<String> ends = new CopyOnWriteArrayList<>();
        LeaderElection election =
                LeaderElection.start(client, CampaignRequest.of("/e", session), new LeaderElection.Listener() {
                    @Override
                    public void onElected(Leadership leadership) {
                        terms.add(leadership.term());
                    }

                    @Override
                    public void onEnd(io.pathkeeper.client.error.PathkeeperException error) {
                        ends.add(error == null ? "closed" : error.reason());
                    }
                });
        await().until(() -> terms.size() == 1);
        get(election.leadership().orElseThrow().resign());
        await().until(() -> terms.size() == 2);
        assertThat(terms.get(1)).isGreaterThan(terms.get(0));
        session.close();
        await().until(() -> ends.equals(List.of("SESSION_EXPIRED")));
        assertThat(election.isLeader()).isFalse();
    }

    @Test
    void latchOpensForOneAfterTheOther() {
        LeaderLatch first = new LeaderLatch(client, session, "/e");
        Leadership leads = first.await();
        LeaderLatch second = new LeaderLatch(client, other, "/e");
        await().until(() -> cluster.lockSizes("/e").equals(List.of(1, 1)));
        assertThat(second.hasLeadership()).isFalse();
        CompletableFuture<Leadership> next = elsewhere(second::await);
        first.close();
        assertThat(get(next).term()).isGreaterThan(leads.term());
        assertThat(first.hasLeadership()).isFalse();
        assertThat(second.hasLeadership()).isTrue();
    }
}
