package io.pathkeeper.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tags;

/** The meters of sessions in a registry. */
final class RegisteredSessionMeters implements SessionMeters {
    private final Counter expired;
    private final Counter closed;
    private final Counter keepAlives;

    RegisteredSessionMeters(ServerMeters meters) {
        expired = meters.counter(
                MeterNames.SESSIONS_EXPIRED, "Sessions ended because nothing was heard of them", Tags.empty());
        closed = meters.counter(MeterNames.SESSIONS_CLOSED, "Sessions closed by their clients", Tags.empty());
        keepAlives = meters.counter(MeterNames.KEEPALIVES, "Renewals of sessions through this server", Tags.empty());
    }

    @Override
    public void expired() {
        expired.increment();
    }

    @Override
    public void closed() {
        closed.increment();
    }

    @Override
    public void keepAlives(int count) {
        keepAlives.increment(count);
    }
}
