package io.pathkeeper.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pathkeeper.server.metrics.RaftMeters;
import io.pathkeeper.server.raft.RatisProposer.Route;
import io.pathkeeper.server.state.CommandResult;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.store.ProposalListener;
import io.pathkeeper.server.store.StoreFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How commands leave a leader: the log behind it is the test's. */
@Timeout(60)
class RatisProposerTest {
    private static final long TERM = 3;
    private static final Duration SOON = Duration.ofSeconds(20);

    private static final NodeSettings SETTINGS =
            NodeSettings.of("test", "s1", List.of(), Path.of("unused"), "127.0.0.1:0");

    private final Log log = new Log();
    private final Completions completions = new Completions("test");
    private final RatisProposer proposer =
            new RatisProposer(SETTINGS, 1, log, completions, new SlowSyncs(), RaftMeters.NONE);

    /** What became of the commands. */
    private final AtomicInteger failures = new AtomicInteger();

    private final List<Rejection> refusals = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() {
        log.proposer = proposer;
        proposer.start();
        proposer.termApplied(TERM);
    }

    @AfterEach
    void stop() {
        proposer.close();
        completions.close();
    }

    private void offer(String name) {
        offer(name, "x");
    }

    private void offer(String name, String value) {
        proposer.offer(
                TestCluster.create("/" + name, value),
                null,
                System.nanoTime() + 60_000_000_000L,
                new ProposalListener() {
                    @Override
                    public void applied(CommandResult result) {
                        throw new AssertionError("nothing is applied here");
                    }

                    @Override
                    public void failed(StoreFailure failure) {
                        refusals.add(failure.rejection());
                        failures.incrementAndGet();
                    }
                });
    }

    @Test
    void aLoneCommandLeavesOnItsCallersThread() {
        offer("a");
        proposer.flush();
        assertThat(log.entries).extracting(Entry::thread).containsExactly(Thread.currentThread());
    }

    @Test
    void whatIsProposedUnderALockLeavesOnAnotherThread() {
        proposer.propose(TestCluster.create("/a", "x"), null, System.nanoTime() + 60_000_000_000L, new Ignored());
        await().atMost(SOON).until(() -> log.entries.size() == 1);
        assertThat(log.entries.get(0).thread()).isNotSameAs(Thread.currentThread());
    }

    @Test
    void whatIsOfferedTogetherIsOneEntry() {
        log.holding = true; // the sender thread looks now and then, also between the offers
        for (int i = 0; i < 100; i++) {
            offer("n" + i);
        }
        log.holding = false;
        proposer.flush();
        await().atMost(SOON).until(() -> log.commands() == 100);
        assertThat(log.entries).hasSize(1);
    }

    @Test
    void whileAnEntryIsUnderWayTheNextOneGathersAndLeavesWhenItIsBack() {
        offer("a");
        proposer.flush();
        for (int i = 0; i < 10; i++) {
            offer("b" + i);
            proposer.flush();
        }
        assertThat(log.entries).hasSize(1);
        log.back();
        await().atMost(SOON).until(() -> log.commands() == 11);
        assertThat(log.entries).extracting(Entry::commands).containsExactly(1, 10);
    }

    @Test
    void theLastOfThoseThatAreWaitedForSendsTheEntry() {
        log.target = 4;
        log.pause = Log.LONG; // the callers of the entry before are expected
        for (int i = 0; i < 3; i++) {
            offer("a" + i);
            proposer.flush();
        }
        assertThat(log.entries).isEmpty();
        offer("a3");
        proposer.flush();
        await().atMost(SOON).until(() -> log.commands() == 4);
        assertThat(log.entries).hasSize(1);
    }

    @Test
    void anEntryThatTheLogRefusesIsTriedAgainOnceAndOnTheSenderThread() {
        log.refusals.set(3);
        offer("a");
        proposer.flush();
        offer("b");
        proposer.flush();
        await().atMost(SOON).until(() -> log.commands() == 1);
        log.back();
        await().atMost(SOON).until(() -> log.commands() == 2);
        assertThat(log.refused).hasSize(3);
        assertThat(log.refused.get(0)).isSameAs(Thread.currentThread());
        assertThat(log.entries.get(0).thread()).isNotSameAs(Thread.currentThread());
        assertThat(log.entries).extracting(Entry::commands).containsExactly(1, 1);
    }

    @Test
    void aCallerNeverWaitsForTheTurn() throws Exception {
        log.gate = new CountDownLatch(1);
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> {
            offer("a");
            proposer.flush();
        });
        await().atMost(SOON).until(() -> log.inside.get() == 1);
        offer("b");
        proposer.flush(); // comes back although somebody is in the log
        assertThat(log.entries).isEmpty();
        log.gate.countDown();
        first.get(20, TimeUnit.SECONDS);
        log.back();
        await().atMost(SOON).until(() -> log.commands() == 2);
    }

    @Test
    void manyThreadsLoseNothing() {
        int threads = 4;
        int each = 2_000;
        log.automatic = true;
        List<CompletableFuture<Void>> callers = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            String name = "t" + t + "n";
            callers.add(CompletableFuture.runAsync(() -> {
                for (int i = 0; i < each; i++) {
                    offer(name + i);
                    if (i % 3 != 0 || i == each - 1) {
                        proposer.flush();
                    }
                }
            }));
        }
        callers.forEach(CompletableFuture::join);
        await().atMost(SOON).until(() -> log.commands() + failures.get() == threads * each);
        assertThat(proposer.queued()).isZero();
    }

    @Test
    void aStopFailsWhatWaits() {
        log.pause = Log.LONG;
        log.target = 100;
        offer("a");
        proposer.flush();
        proposer.close();
        await().atMost(SOON).until(() -> failures.get() == 1);
        assertThat(proposer.queued()).isZero();
    }

    @Test
    void moreCommandsThanMayWaitAreRefusedAtOnceAndNoneOfTheOthers() {
        log.holding = true;
        int most = SETTINGS.maxPendingCommands();
        for (int i = 0; i < most; i++) {
            offer("n");
        }
        assertThat(failures).hasValue(0);
        offer("one-too-many");
        assertThat(refusals)
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.metadata())
                        .containsEntry("limit", Integer.toString(most))
                        .containsKey("retry_after_ms"))
                .extracting(Rejection::reason)
                .isEqualTo(RejectReason.OVERLOADED);
        assertThat(proposer.queued()).isEqualTo(most);
    }

    @Test
    void moreBytesThanMayWaitAreRefusedAtOnceAndThereIsRoomAgainBehindThem() {
        log.holding = true;
        String megabyte = "x".repeat(1 << 20);
        for (int i = 0; failures.get() == 0; i++) {
            assertThat((long) i << 20).isLessThanOrEqualTo(SETTINGS.maxPendingBytes());
            offer("n" + i, megabyte);
        }
        assertThat(refusals)
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.metadata())
                        .containsEntry("limit", Long.toString(SETTINGS.maxPendingBytes())))
                .extracting(Rejection::reason)
                .isEqualTo(RejectReason.OVERLOADED);
        offer("small");
        assertThat(failures).as("a small one still has room").hasValue(1);
    }

    private record Entry(Thread thread, int commands) {}

    private static final class Ignored implements ProposalListener {
        @Override
        public void applied(CommandResult result) {
            // nobody asks
        }

        @Override
        public void failed(StoreFailure failure) {
            // nobody asks
        }
    }

    /** A log that has one entry under way at a time, until the test calls it back. */
    private static final class Log implements RatisProposer.Outlet {
        static final long LONG = 60_000_000_000L;

        final List<Entry> entries = new CopyOnWriteArrayList<>();
        final List<Thread> refused = new CopyOnWriteArrayList<>();
        final AtomicInteger refusals = new AtomicInteger();
        final AtomicInteger inside = new AtomicInteger();
        private final AtomicInteger underWay = new AtomicInteger();
        private final EntryPace pace = new EntryPace(1, () -> 0);
        private @Nullable SentBatch sealed;
        volatile boolean holding;
        volatile boolean automatic;
        volatile long pause;
        volatile int target = 1;
        volatile @Nullable CountDownLatch gate;
        volatile @Nullable RatisProposer proposer;

        int commands() {
            return entries.stream().mapToInt(Entry::commands).sum();
        }

        void back() {
            pace.sent(0, 2); // callers in plenty: whoever waits is woken
            pace.done(0, 1, 0);
            underWay.decrementAndGet();
            RatisProposer told = proposer;
            if (told != null) {
                told.entryDone(pace);
            }
        }

        @Override
        public Route route() {
            return holding ? new Route(Route.Kind.NONE, 0, "") : new Route(Route.Kind.LEADER, TERM, "");
        }

        @Override
        public long nanosToNextEntry() {
            if (underWay.get() > 0) {
                return Long.MAX_VALUE;
            }
            RatisProposer asked = proposer;
            return asked != null && asked.queued() >= target ? 0 : pause;
        }

        @Override
        public int entryTarget() {
            return underWay.get() > 0 ? Integer.MAX_VALUE : target;
        }

        @Override
        public boolean append(long term, @Nullable SentBatch own) {
            inside.incrementAndGet();
            CountDownLatch closed = gate;
            if (closed != null) {
                try {
                    closed.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            SentBatch batch = sealed == null ? own : sealed;
            sealed = batch;
            if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                refused.add(Thread.currentThread());
                return false;
            }
            sealed = null;
            underWay.incrementAndGet();
            entries.add(new Entry(Thread.currentThread(), batch == null ? 0 : batch.commands().length));
            if (automatic) {
                CompletableFuture.runAsync(this::back);
            }
            return true;
        }

        @Override
        public boolean hasForwarded(long term) {
            return false;
        }

        @Override
        public Refusal refusal() {
            return Refusal.NONE;
        }

        @Override
        public boolean isCutOff() {
            return false;
        }

        @Override
        public boolean forward(Route route, @Nullable SentBatch batch, InFlight inFlight) {
            throw new IllegalStateException("this server leads");
        }
    }
}
