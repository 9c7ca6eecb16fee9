package io.pathkeeper.server;

import io.pathkeeper.server.metrics.MeterNames;
import io.pathkeeper.server.metrics.ServerMeters;
import io.pathkeeper.server.raft.EngineMeters.Reading;
import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** A value for each that the engine keeps of itself, as its parts come and go. Of one thread, but for the values. */
final class EngineGauges {
    private final ServerMeters meters;
    private final Supplier<Map<Reading, DoubleSupplier>> engine;
    private Map<Reading, DoubleSupplier> shown = new HashMap<>();

    /** With what the engine keeps now. */
    EngineGauges(ServerMeters meters, Supplier<Map<Reading, DoubleSupplier>> engine) {
        this.meters = meters;
        this.engine = engine;
    }

    /** Looks whether there are others. */
    void look() {
        Map<Reading, DoubleSupplier> now = engine.get();
        shown.forEach((reading, value) -> {
            if (now.get(reading) != value) {
                meters.remove(MeterNames.RATIS, labels(reading));
            }
        });
        now.forEach((reading, value) -> {
            if (shown.get(reading) != value) {
                meters.gauge(MeterNames.RATIS, "What Ratis keeps of itself, by its own names", labels(reading), value);
            }
        });
        shown = now;
    }

    private static Map<String, String> labels(Reading reading) {
        return Map.of("part", reading.part(), "name", reading.name());
    }
}
