package io.pathkeeper.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How much of an interval the disk took. */
@Timeout(30)
class SlowSyncsTest {
    private static final long MILLI = 1_000_000;

    private final SlowSyncs syncs = new SlowSyncs();

    @Test
    void countsOnlyWhatLiesWithinTheInterval() {
        long zero = Long.MAX_VALUE - 50 * MILLI; // the clock may run over
        syncs.ended(zero + 40 * MILLI, 40 * MILLI);
        syncs.ended(zero + 100 * MILLI, 20 * MILLI);
        syncs.ended(zero + 300 * MILLI, 100 * MILLI);
        syncs.ended(zero + 150 * MILLI, SlowSyncs.LEAST_NANOS - 1);

        assertThat(syncs.within(zero + 30 * MILLI, zero + 250 * MILLI)).isEqualTo((10 + 20 + 50) * MILLI);
        assertThat(syncs.within(zero + 400 * MILLI, zero + 500 * MILLI)).isZero();
        assertThat(syncs.within(zero - 200 * MILLI, zero - 100 * MILLI)).isZero();
    }

    @Test
    void keepsTheNewestOfMany() {
        for (int i = 1; i <= 1_000; i++) {
            syncs.ended(i * 100 * MILLI, 50 * MILLI);
        }

        assertThat(syncs.within(0, 50_000 * MILLI)).isZero();
        assertThat(syncs.within(99_800 * MILLI, 100_000 * MILLI)).isEqualTo(100 * MILLI);
    }
}
