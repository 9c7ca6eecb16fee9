package io.pathkeeper.it.fault.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EventDelaysTest {
    private final EventDelays delays = new EventDelays();

    @Test
    void tellsHowLateChangesAre() {
        for (int i = 0; i < 99; i++) {
            delays.record(TimeUnit.MILLISECONDS.toNanos(4));
        }
        delays.record(TimeUnit.SECONDS.toNanos(2));
        assertThat(delays.toString())
                .contains("p50 4.0 ms, p99 4.0 ms, most 2000")
                .endsWith("of 100");
    }

    @Test
    void changesOfOthersDoNotCount() {
        delays.told(1);
        delays.sending(2);
        delays.told(2);
        assertThat(delays.toString()).endsWith("of 1");
    }
}
