package io.pathkeeper.server.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SyncTimesTest {
    private static final long LIMIT = TimeUnit.MILLISECONDS.toNanos(500);
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final SyncTimes syncs = new SyncTimes(LIMIT, now::get);

    private void pass(long seconds) {
        now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    private void syncs(int quick, int slow) {
        for (int i = 0; i < quick; i++) {
            syncs.ended(LIMIT);
        }
        for (int i = 0; i < slow; i++) {
            syncs.ended(LIMIT + 1);
        }
    }

    @Test
    void moreThanATwentiethIsSlowAndLessThanAFortiethIsWellAgain() {
        syncs(95, 5);
        assertThat(syncs.areSlow()).as("a twentieth").isFalse();
        syncs(0, 1);
        assertThat(syncs.areSlow()).isTrue();
        pass(10);
        syncs(100, 0);
        assertThat(syncs.areSlow()).as("six of 201").isTrue();
        syncs(39, 0);
        assertThat(syncs.areSlow()).as("six of 240").isFalse();
        syncs(0, 3);
        assertThat(syncs.areSlow()).as("nine of 243, but it was well").isFalse();
    }

    @Test
    void aHiccupOfAQuietServerIsNone() {
        syncs(1, 2);
        assertThat(syncs.areSlow()).isFalse();
        syncs(0, 1);
        assertThat(syncs.areSlow()).isTrue();
    }

    @Test
    void aMinuteLaterNothingCountsAnyMore() {
        syncs(0, 3);
        pass(59);
        assertThat(syncs.areSlow()).isTrue();
        pass(1);
        assertThat(syncs.areSlow()).isFalse();
        syncs(0, 2);
        assertThat(syncs.areSlow())
                .as("those of the minute before do not come back")
                .isFalse();
    }
}
