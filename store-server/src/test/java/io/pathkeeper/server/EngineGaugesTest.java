package io.pathkeeper.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.server.metrics.ServerMeters;
import io.pathkeeper.server.raft.EngineMeters.Reading;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

class EngineGaugesTest {
    private final AtomicReference<Map<Reading, DoubleSupplier>> kept = new AtomicReference<>(Map.of());

    @Test
    void valuesComeChangeTheirSourceAndGo() {
        try (ServerMeters meters = new ServerMeters("1.2.3", "none", Set.of())) {
            EngineGauges gauges = new EngineGauges(meters, kept::get);
            kept.set(Map.of(new Reading("log", "a"), () -> 1, new Reading("log", "b"), () -> 2));
            gauges.look();
            assertThat(meters.scrape())
                    .contains(
                            "pathkeeper_ratis{name=\"a\",part=\"log\"} 1.0",
                            "pathkeeper_ratis{name=\"b\",part=\"log\"} 2.0");

            kept.set(Map.of(new Reading("log", "a"), () -> 3)); // the part was made anew
            gauges.look();
            assertThat(meters.scrape())
                    .contains("pathkeeper_ratis{name=\"a\",part=\"log\"} 3.0")
                    .doesNotContain("name=\"b\"");
        }
    }
}
