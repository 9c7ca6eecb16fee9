package io.pathkeeper.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** The meters of sessions, locks and elections in a registry. */
final class RegisteredSessionMeters implements SessionMeters {
    private final Counter opened;
    private final Counter expired;
    private final Counter closed;
    private final Counter keepAlives;
    private final Timer keepAliveLag;
    private final Timer lockWait;
    private final Counter elections;

    RegisteredSessionMeters(ServerMeters meters) {
        opened = meters.counter(MeterNames.SESSIONS_OPENED, "Sessions that were opened", Tags.empty());
        expired = meters.counter(
                MeterNames.SESSIONS_EXPIRED, "Sessions ended because nothing was heard of them", Tags.empty());
        closed = meters.counter(MeterNames.SESSIONS_CLOSED, "Sessions closed by their clients", Tags.empty());
        keepAlives = meters.counter(MeterNames.KEEPALIVES, "Renewals of sessions through this server", Tags.empty());
        keepAliveLag = meters.timer(
                MeterNames.KEEPALIVE_LAG,
                "How late the latest of the renewals that came to the leader together was, behind a third of its timeout",
                Tags.empty());
        lockWait = meters.timer(
                MeterNames.LOCK_WAIT,
                "From a call for a lock to its grant, on the server that was called",
                Tags.empty());
        elections = meters.counter(MeterNames.ELECTIONS, "Times that an election got another leader", Tags.empty());
    }

    @Override
    public void opened() {
        opened.increment();
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

    @Override
    public void keepAliveLag(long nanos) {
        keepAliveLag.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void lockGranted(long waitNanos) {
        lockWait.record(waitNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void elected() {
        elections.increment();
    }
}
