package io.pathkeeper.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EntryPaceTest {
    private static final long SECOND = 1_000_000_000;
    private static final long MILLI = 1_000_000;

    private double load;
    private final AtomicInteger asked = new AtomicInteger();
    private final EntryPace pace = new EntryPace(2, () -> {
        asked.incrementAndGet();
        return load;
    });

    /** Sends entries of so many commands, one after the other, each of which takes this long, until the mean says so. */
    private long rounds(long now, int commands, long roundNanos) {
        long time = now;
        for (int i = 0; i < 64; i++) {
            pace.sent(time, commands);
            time += roundNanos;
            pace.done(time - roundNanos, time);
        }
        return time - roundNanos;
    }

    @Test
    void whatIsUnderWayLetsTheNextGather() {
        assertThat(pace.nanosToNext(SECOND)).isZero();
        pace.sent(SECOND, 1);
        assertThat(pace.nanosToNext(SECOND + MILLI)).isEqualTo(EntryPace.OVERLAP_NANOS - MILLI);
        assertThat(pace.nanosToNext(SECOND + EntryPace.OVERLAP_NANOS)).isZero();
        pace.done(SECOND, SECOND + 2 * MILLI);
        assertThat(pace.nanosToNext(SECOND + 2 * MILLI)).isZero();
    }

    @Test
    void noMoreThanSoManyAreUnderWay() {
        pace.sent(SECOND, 1);
        pace.sent(SECOND + EntryPace.OVERLAP_NANOS, 1);
        assertThat(pace.nanosToNext(2 * SECOND)).isEqualTo(Long.MAX_VALUE);
        pace.done(SECOND, 2 * SECOND);
        assertThat(pace.nanosToNext(2 * SECOND)).isZero();
    }

    @Test
    void largeEntriesKeepADistanceWhileTheProcessorsAreBusy() {
        load = 0.95;
        long last = rounds(2 * SECOND, 500, 4 * MILLI);
        assertThat(pace.nanosToNext(last + 4 * MILLI)).isBetween(3 * MILLI, 4 * MILLI);
        assertThat(pace.nanosToNext(last + 8 * MILLI)).isZero();
    }

    @Test
    void theDistanceIsBounded() {
        load = 1;
        long last = rounds(2 * SECOND, 500, 100 * MILLI);
        assertThat(pace.nanosToNext(last)).isEqualTo(EntryPace.MAX_BUSY_NANOS);
    }

    @Test
    void withProcessorsToSpareNothingWaits() {
        load = 0.5;
        long last = rounds(2 * SECOND, 500, 4 * MILLI);
        assertThat(pace.nanosToNext(last + 4 * MILLI)).isZero();
    }

    @Test
    void anUnknownLoadLetsNothingWait() {
        load = -1;
        long last = rounds(2 * SECOND, 500, 4 * MILLI);
        assertThat(pace.nanosToNext(last + 4 * MILLI)).isZero();
    }

    @Test
    void aLoneCommandNeverWaits() {
        load = 1;
        long last = rounds(2 * SECOND, EntryPace.MANY_COMMANDS, 4 * MILLI);
        pace.sent(last + 20 * MILLI, 1);
        pace.done(last + 20 * MILLI, last + 24 * MILLI);
        assertThat(pace.nanosToNext(last + 24 * MILLI)).isZero();
    }

    @Test
    void theLoadIsAskedOnceASecond() {
        rounds(2 * SECOND, 500, 100 * MILLI);
        assertThat(asked.get()).isBetween(5, 8);
    }

    @Test
    void theSystemTellsItsLoad() {
        assertThat(EntryPace.systemLoad()).isBetween(-1.0, 1.0);
    }
}
