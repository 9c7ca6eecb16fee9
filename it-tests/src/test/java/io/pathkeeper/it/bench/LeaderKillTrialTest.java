package io.pathkeeper.it.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LeaderKillTrialTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    @Test
    void theLongestTimeBetweenTwoAcknowledgementsCounts() {
        Acknowledgements acknowledgements = new Acknowledgements();
        acknowledgements.begin(0);
        acknowledgements.acknowledged(MILLI); // was under way when the leader was killed
        acknowledgements.acknowledged(1_300 * MILLI);
        acknowledgements.acknowledged(1_290 * MILLI); // told late
        acknowledgements.acknowledged(1_310 * MILLI);

        assertThat(acknowledgements.longestMillis()).isEqualTo(1_299);
    }

    @Test
    void nothingIsCalmBeforeWritesHaveGoneOnForAWhile() {
        Acknowledgements acknowledgements = new Acknowledgements();
        acknowledgements.begin(0);
        assertThat(acknowledgements.isCalm(10 * SECOND, 3 * SECOND)).isFalse();
        acknowledgements.acknowledged(SECOND);
        assertThat(acknowledgements.isCalm(2 * SECOND, 3 * SECOND)).isFalse();
        assertThat(acknowledgements.isCalm(4 * SECOND, 3 * SECOND)).isFalse(); // the last one is long ago
        acknowledgements.acknowledged(SECOND + 900 * MILLI);
        acknowledgements.acknowledged(2 * SECOND + 800 * MILLI);
        assertThat(acknowledgements.isCalm(3 * SECOND, 3 * SECOND)).isFalse();
        assertThat(acknowledgements.isCalm(4 * SECOND, 3 * SECOND)).isTrue();
    }

    @Test
    void everyKillIsOfTheLeaderAndItsTimeWithoutAWriteIsTold() throws Exception {
        Killed store = new Killed(200);

        Map<Figure, Double> figures = trial(3).run(store, System.err);

        assertThat(store.told)
                .containsExactly(
                        "kill 1",
                        "launch 1",
                        "await 1",
                        "kill 2",
                        "launch 2",
                        "await 2",
                        "kill 0",
                        "launch 0",
                        "await 0");
        assertThat(figures).containsEntry(LeaderKillTrial.KILLS, 3.0);
        assertThat(figures.get(LeaderKillTrial.P50)).isBetween(200.0, 3_000.0);
        assertThat(figures.get(LeaderKillTrial.MOST)).isGreaterThanOrEqualTo(figures.get(LeaderKillTrial.P50));
        assertThat(figures.get(LeaderKillTrial.FAILED)).isPositive();
    }

    @Test
    void writesThatDoNotComeBackEndTheTrial() {
        assertThatThrownBy(() -> trial(1).run(new Killed(60_000), System.err))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("writes to a fake did not go on for 500 ms within 5 s")
                .hasMessageContaining("no leader");
    }

    @Test
    void figuresAreOfAllKills() {
        assertThat(LeaderKillTrial.figures(List.of(900.0, 1_200.0, 3_000.0), 10, 2))
                .containsEntry(LeaderKillTrial.P50, 1_200.0)
                .containsEntry(LeaderKillTrial.MOST, 3_000.0)
                .containsEntry(LeaderKillTrial.ANSWERED, 10.0)
                .containsEntry(LeaderKillTrial.FAILED, 2.0);
    }

    private static LeaderKillTrial trial(int kills) {
        return new LeaderKillTrial(kills, 200, new Znodes(10, 16), Duration.ofMillis(500), Duration.ofSeconds(5));
    }

    /** Refuses writes for so long behind each kill; the next server leads then. */
    private static final class Killed extends FakeStore {
        private final long awayMillis;
        private final AtomicLong backNanos = new AtomicLong(System.nanoTime());
        private final List<String> told = new ArrayList<>();
        private int leader = 1;

        Killed(long awayMillis) {
            this.awayMillis = awayMillis;
        }

        @Override
        public List<Operation> operations(Workload workload, Znodes znodes, int outstanding) {
            assertThat(workload).isEqualTo(Workload.SET);
            return List.of((random, completion) ->
                    completion.ended(System.nanoTime() - backNanos.get() < 0 ? "no leader" : null));
        }

        @Override
        public int leader() {
            return leader;
        }

        @Override
        public void kill(int server) {
            told.add("kill " + server);
            backNanos.set(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(awayMillis));
            leader = (server + 1) % 3;
        }

        @Override
        public void launch(int server) {
            told.add("launch " + server);
        }

        @Override
        public void awaitServing(int server) {
            told.add("await " + server);
        }
    }
}
