package io.pathkeeper.pathctl.top;

import io.pathkeeper.client.model.CallCount;
import io.pathkeeper.client.model.MemberStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one server did between two of its answers, by its own clock.
 *
 * @param seconds between the answers; above zero
 * @param calls by method: those that ended; without those of which none did
 * @param operations that came through pipelines
 * @param revisions that were made
 */
record Rates(double seconds, Map<String, Ended> calls, long operations, long revisions) {
    private static final Rates NONE = new Rates(1, Map.of(), 0, 0);

    /** Calls that ended and the time that they took together, in microseconds. */
    record Ended(long count, long micros) {
        Ended plus(Ended other) {
            return new Ended(count + other.count, micros + other.micros);
        }

        double averageMillis() {
            return micros / 1e3 / count;
        }
    }

    /** Compares two answers; of a server that was started anew in between, or did not go on, nothing is known. */
    static Rates between(MemberStatus before, MemberStatus after) {
        double seconds = after.uptime().minus(before.uptime()).toMillis() / 1e3;
        if (seconds <= 0) {
            return NONE;
        }
        Map<String, CallCount> old = new HashMap<>();
        before.calls().forEach(call -> old.put(call.method(), call));
        Map<String, Ended> calls = new TreeMap<>();
        for (CallCount call : after.calls()) {
            CallCount known = old.get(call.method());
            long count = call.ended() - (known == null ? 0 : known.ended());
            long micros =
                    (call.total().toNanos() - (known == null ? 0 : known.total().toNanos())) / 1_000;
            if (count > 0) {
                calls.put(call.method(), new Ended(count, micros));
            }
        }
        return new Rates(
                seconds,
                calls,
                after.pipelineOperations() - before.pipelineOperations(),
                after.header().revision() - before.header().revision());
    }

    /** All calls together. */
    Ended all() {
        return calls.values().stream().reduce(new Ended(0, 0), Ended::plus);
    }
}
