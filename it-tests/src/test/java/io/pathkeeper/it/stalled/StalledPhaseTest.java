package io.pathkeeper.it.stalled;

import static org.assertj.core.api.Assertions.assertThat;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What stalled observers may cost, and what is too much of each. */
@Timeout(10)
class StalledPhaseTest {
    private static final StalledPhase BEFORE = phase(50, 300, 20);

    private static StalledPhase phase(long heapMegabytes, long residentMegabytes, long p99Millis) {
        Histogram delays = new Histogram(3);
        delays.recordValueWithCount(1_000, 900);
        delays.recordValueWithCount(p99Millis * 1_000, 100);
        return new StalledPhase(1, new Histogram(3), delays, heapMegabytes << 20, residentMegabytes << 20);
    }

    @Test
    void whatIsAllowedIsNotTooMuch() {
        assertThat(phase(60, 360, 110).tooMuch(BEFORE, 100)).isEmpty();
    }

    @Test
    void whatComesAndGoesWithoutStalledObserversIsNotTheirs() {
        StalledPhase more = phase(90, 400, 99).withMostMemoryOf(BEFORE);

        assertThat(BEFORE.withMostMemoryOf(more)).isEqualTo(phase(90, 400, 20));
    }

    @Test
    void findsHeapThatGrows() {
        assertThat(phase(90, 300, 20).tooMuch(BEFORE, 100))
                .singleElement()
                .asString()
                .contains("bytes of heap");
    }

    @Test
    void findsMemoryOutsideOfTheHeapThatGrows() {
        assertThat(phase(50, 400, 20).tooMuch(BEFORE, 100))
                .singleElement()
                .asString()
                .contains("bytes of the process");
    }

    @Test
    void findsAGoodObserverThatIsLate() {
        assertThat(phase(50, 300, 125).tooMuch(BEFORE, 100))
                .singleElement()
                .asString()
                .contains("good observer's p99");
    }
}
