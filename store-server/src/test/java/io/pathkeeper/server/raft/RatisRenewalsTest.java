package io.pathkeeper.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pathkeeper.server.raft.RatisProposer.Route;
import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.StateLimits;
import io.pathkeeper.server.state.StoreState;
import io.pathkeeper.server.store.SessionRenewal.RenewListener;
import io.pathkeeper.server.store.StoreFailure;
import io.pathkeeper.server.tree.TreeView;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Renewals against a leader whose majority the test plays. */
@Timeout(30)
class RatisRenewalsTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final FakeServer local = new FakeServer();
    private final Completions completions = new Completions("test");
    private final RatisReadBarrier barrier = new RatisReadBarrier(local, completions, 1);
    private final List<String> told = new CopyOnWriteArrayList<>();

    private RatisRenewals renewals(long timeoutMillis) {
        return renewals(timeoutMillis, 0);
    }

    private RatisRenewals renewals(long timeoutMillis, long gatherMillis) {
        return new RatisRenewals(
                local,
                barrier,
                completions,
                TimeUnit.MILLISECONDS.toNanos(timeoutMillis),
                TimeUnit.MILLISECONDS.toNanos(gatherMillis));
    }

    @AfterEach
    void stop() {
        completions.close();
    }

    private RenewListener listener(String name) {
        return new RenewListener() {
            @Override
            public void renewed(long[] refused) {
                told.add(name + " renewed but " + java.util.Arrays.toString(refused));
            }

            @Override
            public void failed(StoreFailure failure) {
                told.add(name + " " + failure.rejection().reason());
            }
        };
    }

    @Test
    void touchesBeforeItAsksTheMajorityAndAnswersBehindIt() {
        local.route = new Route(Route.Kind.LEADER, 3, "");
        renewals(60_000).renew(new long[] {1, 2}, listener("a"));
        assertThat(local.steps).containsExactly("touch [1, 2]", "confirm");
        assertThat(told).isEmpty();

        local.confirmations.remove().index().accept(0);

        await().atMost(SOON).until(() -> told.equals(List.of("a renewed but []")));
    }

    @Test
    void aLeaderWithoutItsMajorityNeverSaysThatItRenewed() {
        local.route = new Route(Route.Kind.LEADER, 3, "");
        local.answer = false;

        renewals(200).renew(new long[] {1}, listener("a"));

        await().atMost(SOON).until(() -> !told.isEmpty());
        assertThat(told).containsExactly("a " + RejectReason.NO_QUORUM);
    }

    @Test
    void touchesAgainWhenTheFirstConfirmationFailed() {
        local.route = new Route(Route.Kind.LEADER, 3, "");
        renewals(60_000).renew(new long[] {1}, listener("a"));

        local.confirmations.remove().failed().run();

        await().atMost(SOON).until(() -> !local.confirmations.isEmpty());
        assertThat(local.steps).containsExactly("touch [1]", "confirm", "touch [1]", "confirm");
        local.confirmations.remove().index().accept(0);
        await().atMost(SOON).until(() -> told.equals(List.of("a renewed but []")));
    }

    @Test
    void thoseWhoWaitShareTheNextQuestionAndHearOfTheirOwnOnly() {
        local.route = new Route(Route.Kind.FOLLOWER, 3, "s2");
        RatisRenewals renewals = renewals(60_000);
        renewals.renew(new long[] {1}, listener("a"));
        renewals.renew(new long[] {2, 3}, listener("b"));
        renewals.renew(new long[] {4}, listener("c"));
        assertThat(local.steps).containsExactly("ask s2 [1]");

        local.questions.remove().answer().accept(0, new long[0]);
        await().atMost(SOON).until(() -> !local.questions.isEmpty());
        local.questions.remove().answer().accept(0, new long[] {3});

        assertThat(local.steps).containsExactly("ask s2 [1]", "ask s2 [2, 3, 4]");
        await().atMost(SOON).until(() -> told.size() == 3);
        assertThat(told).containsExactlyInAnyOrder("a renewed but []", "b renewed but [3]", "c renewed but []");
    }

    @Test
    void thoseWhoComeOneByOneShareAQuestion() {
        local.route = new Route(Route.Kind.FOLLOWER, 3, "s2");
        local.held = new ConcurrentLinkedDeque<>();
        RatisRenewals renewals = renewals(60_000, 60_000);
        renewals.renew(new long[] {1}, listener("a"));
        local.questions.remove().answer().accept(0, new long[0]);

        renewals.renew(new long[] {2}, listener("b"));
        renewals.renew(new long[] {3}, listener("c"));
        assertThat(local.steps).containsExactly("ask s2 [1]");
        assertThat(local.held).hasSize(1);
        local.held.remove().run();

        assertThat(local.steps).containsExactly("ask s2 [1]", "ask s2 [2, 3]");
        local.questions.remove().answer().accept(0, new long[0]);
        assertThat(local.held).isEmpty();
        await().atMost(SOON).until(() -> told.size() == 3);
    }

    @Test
    void answersOnlyWhenThisServerHasAppliedTheIndex() {
        local.route = new Route(Route.Kind.FOLLOWER, 3, "s2");
        renewals(60_000).renew(new long[] {1}, listener("a"));
        local.questions.remove().answer().accept(9, new long[0]);
        assertThat(told).isEmpty();

        local.applied = 9;
        barrier.applied(9, 0);

        await().atMost(SOON).until(() -> told.equals(List.of("a renewed but []")));
    }

    @Test
    void withoutALeaderItFailsInTime() {
        renewals(100).renew(new long[] {1}, listener("a"));

        await().atMost(SOON).until(() -> told.equals(List.of("a " + RejectReason.NO_LEADER)));
    }

    @Test
    void moreThanCanWaitAreRefusedAtOnce() {
        local.route = new Route(Route.Kind.FOLLOWER, 3, "s2");
        RatisRenewals renewals = renewals(60_000);
        renewals.renew(new long[] {1}, listener("asked"));
        renewals.renew(new long[RatisRenewals.MAX_WAITING], listener("waits"));

        renewals.renew(new long[] {2}, listener("late"));

        assertThat(told).containsExactly("late " + RejectReason.OVERLOADED);
    }

    /** Notes what is asked of it. */
    private static final class FakeServer implements RatisRenewals.Local {
        private record Confirmation(LongConsumer index, Runnable failed) {}

        private record Question(PeerLink.Answer answer, Runnable failed) {}

        private final List<String> steps = new CopyOnWriteArrayList<>();
        private final Deque<Confirmation> confirmations = new ConcurrentLinkedDeque<>();
        private final Deque<Question> questions = new ConcurrentLinkedDeque<>();
        private final TreeView view = StoreState.create(StateLimits.DEFAULT).view();
        private volatile Route route = new Route(Route.Kind.NONE, 0, "");
        private volatile long applied;
        /** Present: what is to run later waits here for the test. */
        private volatile @Nullable Deque<Runnable> held;
        /** False: every confirmation fails at once. */
        private volatile boolean answer = true;

        @Override
        public Route route() {
            return route;
        }

        @Override
        public void confirmLeadership(LongConsumer index, Runnable failed) {
            steps.add("confirm");
            if (answer) {
                confirmations.add(new Confirmation(index, failed));
            } else {
                failed.run();
            }
        }

        @Override
        public void askReadIndex(String leaderId, boolean patient, LongConsumer index, Runnable failed) {
            throw new IllegalStateException("renewals do not read");
        }

        @Override
        public long[] touch(long[] sessions) {
            steps.add("touch " + java.util.Arrays.toString(sessions));
            return new long[0];
        }

        @Override
        public void askRenewal(String leaderId, long[] sessions, PeerLink.Answer toAnswer, Runnable failed) {
            steps.add("ask " + leaderId + " " + java.util.Arrays.toString(sessions));
            questions.add(new Question(toAnswer, failed));
        }

        @Override
        public long appliedIndex() {
            return applied;
        }

        @Override
        public TreeView view() {
            return view;
        }

        @Override
        public boolean beganWithState() {
            return false;
        }

        @Override
        public void later(Runnable task, long delayMillis) {
            Deque<Runnable> waits = held;
            if (waits != null) {
                waits.add(task);
                return;
            }
            CompletableFuture.delayedExecutor(delayMillis, TimeUnit.MILLISECONDS)
                    .execute(task);
        }
    }
}
