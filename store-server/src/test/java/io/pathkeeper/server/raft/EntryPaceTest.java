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

    /**
     * Sends entries of so many commands, one after the other, each of which takes this long, until the mean says so; nothing comes meanwhile.
     *
     * @return when the last one came back
     */
    private long rounds(long now, int commands, long roundNanos) {
        long time = now;
        for (int i = 0; i < 64; i++) {
            time = round(time, commands, 0, roundNanos);
        }
        return time;
    }

    private long round(long now, int commands, int cameMeanwhile, long roundNanos) {
        pace.sent(now, commands);
        pace.done(now, now + roundNanos, cameMeanwhile);
        return now + roundNanos;
    }

    @Test
    void whatIsUnderWayLetsTheNextGather() {
        assertThat(pace.nanosToNext(SECOND, 1)).isZero();
        pace.sent(SECOND, 1);
        assertThat(pace.nanosToNext(SECOND + MILLI, 1_000)).isEqualTo(EntryPace.OVERLAP_NANOS - MILLI);
        assertThat(pace.nanosToNext(SECOND + EntryPace.OVERLAP_NANOS, 1)).isZero();
        pace.done(SECOND, SECOND + 2 * MILLI, 0);
        assertThat(pace.nanosToNext(SECOND + 2 * MILLI, 1)).isZero();
    }

    @Test
    void noMoreThanSoManyAreUnderWay() {
        pace.sent(SECOND, 1);
        pace.sent(SECOND + EntryPace.OVERLAP_NANOS, 1);
        assertThat(pace.nanosToNext(2 * SECOND, 1)).isEqualTo(Long.MAX_VALUE);
        pace.done(SECOND, 2 * SECOND, 0);
        assertThat(pace.nanosToNext(2 * SECOND, 1)).isZero();
    }

    @Test
    void anEntryWaitsForTheCallersThatWereAnswered() {
        long back = rounds(SECOND, 16, 4 * MILLI);
        assertThat(pace.target()).isEqualTo(14);
        assertThat(pace.nanosToNext(back, 0)).isBetween(MILLI, 2 * MILLI);
        assertThat(pace.nanosToNext(back, 13)).isPositive();
        assertThat(pace.nanosToNext(back, 14)).isZero();
    }

    @Test
    void halfARoundIsTheMostThatItWaits() {
        long back = rounds(SECOND, 16, 4 * MILLI);
        assertThat(pace.nanosToNext(back + 2 * MILLI, 1)).isZero();
    }

    @Test
    void theCallersOfTwoEntriesThatTookTurnsAreBroughtTogether() {
        long back = round(SECOND, 8, 8, 4 * MILLI);
        assertThat(pace.target()).isEqualTo(14);
        assertThat(pace.nanosToNext(back, 8)).isPositive();
    }

    @Test
    void aLoneCommandNeverWaits() {
        load = 1;
        long back = round(rounds(2 * SECOND, 500, 4 * MILLI), 1, 0, 4 * MILLI);
        assertThat(pace.target()).isEqualTo(1);
        assertThat(pace.nanosToNext(back, 1)).isZero();
        assertThat(pace.expectsFew()).isTrue();
    }

    @Test
    void callersThatDoNotComeBackAreNotWaitedFor() {
        long time = rounds(SECOND, 16, 4 * MILLI);
        for (int i = 0; i < 3; i++) {
            time = round(time + 2 * MILLI, 1, 15, 4 * MILLI); // others came: those that had been answered did not
        }
        assertThat(pace.target()).isEqualTo(1);
        assertThat(pace.nanosToNext(time, 1)).isZero();
    }

    @Test
    void trustComesBackAfterAWhile() {
        callersThatDoNotComeBackAreNotWaitedFor();
        long time = 2 * SECOND;
        for (int i = 1; i < EntryPace.MISTRUSTED_ENTRIES; i++) {
            time = round(time, 8, 8, 4 * MILLI);
        }
        assertThat(pace.target()).isEqualTo(14);
    }

    @Test
    void manyCommandsGatherForAWholeRoundWhileTheProcessorsAreBusy() {
        load = 0.95;
        long back = rounds(2 * SECOND, 500, 4 * MILLI);
        assertThat(pace.nanosToNext(back, 10)).isBetween(3 * MILLI, 4 * MILLI);
        assertThat(pace.nanosToNext(back + 4 * MILLI, 10)).isZero();
    }

    @Test
    void gatheringIsBounded() {
        load = 1;
        long back = rounds(2 * SECOND, 500, 100 * MILLI);
        assertThat(pace.nanosToNext(back, 10)).isEqualTo(EntryPace.MAX_GATHER_NANOS);
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
