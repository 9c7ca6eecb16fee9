package io.pathkeeper.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The meters of observations in a registry. */
final class RegisteredObserveMeters implements ObserveMeters {
    private final AtomicLong streams = new AtomicLong();
    private final AtomicLong targets = new AtomicLong();
    private final Counter events;
    private final Counter slow;
    private final Timer lag;
    private final Map<ResetCause, Counter> resets = new EnumMap<>(ResetCause.class);

    RegisteredObserveMeters(ServerMeters meters) {
        meters.gauge(MeterNames.OBSERVE_STREAMS, "Open observations", streams::get);
        meters.gauge(MeterNames.OBSERVE_TARGETS, "Targets of the open observations", targets::get);
        events = meters.counter(MeterNames.OBSERVE_EVENTS_SENT, "Events handed to the transport", Tags.empty());
        slow = meters.counter(MeterNames.OBSERVE_SLOW, "Times an observer did not take more", Tags.empty());
        lag = meters.timer(MeterNames.OBSERVE_DELIVERY_LAG, "From publication to the transport", Tags.empty());
        for (ResetCause cause : ResetCause.values()) {
            Tags tags = Tags.of("cause", cause.name().toLowerCase(Locale.ROOT));
            resets.put(cause, meters.counter(MeterNames.OBSERVE_RESETS, "Observers told to start again", tags));
        }
    }

    @Override
    public void opened(int count) {
        streams.incrementAndGet();
        targets.addAndGet(count);
    }

    @Override
    public void closed(int count) {
        streams.decrementAndGet();
        targets.addAndGet(-count);
    }

    @Override
    public void sent(int count, long lagNanos) {
        events.increment(count);
        if (lagNanos >= 0) {
            lag.record(lagNanos, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void slow() {
        slow.increment();
    }

    @Override
    public void reset(ResetCause cause) {
        Counter counter = resets.get(cause);
        if (counter != null) {
            counter.increment();
        }
    }
}
