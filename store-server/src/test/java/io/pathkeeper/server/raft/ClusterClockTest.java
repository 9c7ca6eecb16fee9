package io.pathkeeper.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The clock of deadlines against clocks that the test moves. */
class ClusterClockTest {
    private final AtomicLong nanos = new AtomicLong(500_000_000_000L);
    private final AtomicLong wall = new AtomicLong(1_700_000_000_000L);
    private final ClusterClock clock = new ClusterClock(nanos::get, wall::get);

    @Test
    void goesOnFromTheStatesClock() {
        clock.begin(10_000);
        nanos.addAndGet(1_500_000_000L);
        assertThat(clock.clusterMillis()).isEqualTo(11_500);
    }

    @Test
    void doesNotJumpBeforeItBegan() {
        nanos.addAndGet(5_000_000L);
        assertThat(clock.clusterMillis()).isEqualTo(5);
    }

    @Test
    void stepsOfTheWallClockDoNotCount() {
        clock.begin(10_000);
        wall.addAndGet(3_600_000);
        assertThat(clock.clusterMillis()).isEqualTo(10_000);
        assertThat(clock.wallMillis()).isEqualTo(1_700_003_600_000L);
    }
}
