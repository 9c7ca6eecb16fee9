package io.pathkeeper.it.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.it.cluster.ClusterOptions;
import io.pathkeeper.it.cluster.ProcessCluster;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A leader that goes on after another one has committed must not answer with what it has, but it must answer: with the new value, or that it cannot. */
class StaleReadProcessIT {
    private static final int ROUNDS = 6;

    @Test
    @Timeout(value = 400, unit = TimeUnit.SECONDS)
    void aLeaderThatWasStoppedDoesNotAnswerWithWhatItHad() {
        try (ProcessCluster cluster = ProcessCluster.started("StaleRead", ClusterOptions.three())) {
            StaleReads reads = new StaleReads(cluster);
            for (int round = 0; round < ROUNDS; round++) {
                StaleReads.Answers answers = reads.stopCommitContinueAndRead(round);

                assertThat(reads.history().violations())
                        .as("round %s: %s", round, answers)
                        .isEmpty();
                assertThat(answers.values.get() + answers.unavailable.get())
                        .as("reads sent while it could not know better, and answered; round %s: %s", round, answers)
                        .isPositive();
                assertThat(answers.dishonest.get())
                        .as("round %s: %s", round, answers)
                        .isZero();
                System.out.println("stale reads, round " + round + ": " + answers);
                cluster.awaitReady();
            }
        }
    }
}
