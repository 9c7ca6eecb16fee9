package io.pathkeeper.it.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AcknowledgementsTest {
    /** Moments count from anywhere, also across the greatest number. */
    private static final long BEGIN = Long.MAX_VALUE - millis(500);

    private final Acknowledgements writes = new Acknowledgements();

    @Test
    void aTimeWithoutAnyIsFoundWhereverItLies() {
        assertThat(writes.longestGap(BEGIN, BEGIN + millis(700))).isEqualTo(700);

        write(100, 20);
        write(250, 30);
        write(900, 70);

        assertThat(writes.longestGap(BEGIN, BEGIN + millis(1_000))).isEqualTo(650);
        assertThat(writes.longestGap(BEGIN, BEGIN + millis(260))).isEqualTo(150);
        assertThat(writes.longestGap(BEGIN + millis(890), BEGIN + millis(3_000)))
                .isEqualTo(2_100);
    }

    @Test
    void onlyTheTimesBetweenTheMomentsAreTaken() {
        write(100, 20);
        write(250, 30);
        write(900, 70);

        RecoveryTimes times = new RecoveryTimes();
        writes.addTimes(BEGIN + millis(200), BEGIN + millis(900), times);

        assertThat(times.count()).isEqualTo(2);
        assertThat(times.percentile(50)).isEqualTo(30);
        assertThat(times.most()).isEqualTo(70);
    }

    private void write(long doneMillis, long tookMillis) {
        writes.add(BEGIN + millis(doneMillis - tookMillis), BEGIN + millis(doneMillis));
    }

    private static long millis(long count) {
        return TimeUnit.MILLISECONDS.toNanos(count);
    }
}
