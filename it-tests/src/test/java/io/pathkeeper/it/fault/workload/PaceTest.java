package io.pathkeeper.it.fault.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long MILLIS_50 = TimeUnit.MILLISECONDS.toNanos(50);

    private final long now = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
    private final Pace pace = Pace.perSecond(20);

    @Test
    void turnsLieEquallyFarApartWhoeverAsks() {
        assertThat(pace.untilTurn(now)).isZero();
        assertThat(pace.untilTurn(now)).isEqualTo(MILLIS_50);
        assertThat(pace.untilTurn(now + 10)).isEqualTo(2 * MILLIS_50 - 10);
    }

    @Test
    void turnsThatNobodyTookAreNotMadeUpFor() {
        assertThat(pace.untilTurn(now)).isZero();
        long later = now + 6 * MILLIS_50;

        assertThat(pace.untilTurn(later)).isZero();
        assertThat(pace.untilTurn(later)).isEqualTo(MILLIS_50);
    }

    @Test
    void withoutALimitNobodyWaits() {
        assertThat(Pace.unlimited().untilTurn(now)).isZero();
        assertThat(Pace.unlimited().untilTurn(now)).isZero();
    }

    @Test
    void aRateThatLeavesClientsWithoutCallsIsRefused() {
        assertThatThrownBy(() -> Pace.perSecond(9))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("9 calls a second: 10 at least");
        assertThat(Pace.unlimited()).hasToString("as many calls as the loads make");
        assertThat(Pace.perSecond(300)).hasToString("300 calls a second at most");
    }
}
