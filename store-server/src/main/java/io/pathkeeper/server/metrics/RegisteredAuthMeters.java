package io.pathkeeper.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tags;

/** {@link AuthMeters} in a registry. */
final class RegisteredAuthMeters implements AuthMeters {
    private final Counter failures;
    private final Counter denied;

    RegisteredAuthMeters(ServerMeters meters) {
        failures = meters.counter(
                MeterNames.AUTH_FAILURES, "Calls without a good credential, and sign-ins that failed", Tags.empty());
        denied = meters.counter(MeterNames.AUTH_DENIED, "Calls and operations that no rule allows", Tags.empty());
    }

    @Override
    public void failed() {
        failures.increment();
    }

    @Override
    public void denied() {
        denied.increment();
    }
}
