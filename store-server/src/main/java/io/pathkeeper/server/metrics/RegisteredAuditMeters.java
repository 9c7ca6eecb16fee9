package io.pathkeeper.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tags;

/** {@link AuditMeters} in a registry. */
final class RegisteredAuditMeters implements AuditMeters {
    private final Counter written;
    private final Counter lost;

    RegisteredAuditMeters(ServerMeters meters) {
        written = meters.counter(MeterNames.AUDIT_LINES, "Lines written to the audit log", Tags.empty());
        lost = meters.counter(
                MeterNames.AUDIT_LOST,
                "Lines that are missing in the audit log, as its file could not be written",
                Tags.empty());
    }

    @Override
    public void written(int lines) {
        written.increment(lines);
    }

    @Override
    public void lost(int lines) {
        lost.increment(lines);
    }
}
