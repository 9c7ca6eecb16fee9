package io.pathkeeper.server.raft;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.apache.ratis.metrics.LongCounter;
import org.apache.ratis.metrics.MetricRegistries;
import org.apache.ratis.metrics.MetricRegistryInfo;
import org.apache.ratis.metrics.RatisMetricRegistry;
import org.apache.ratis.metrics.Timekeeper;
import org.apache.ratis.util.TimeDuration;
import org.jspecify.annotations.Nullable;

/**
 * Where Ratis's own meters go: the time of every fsync of a log to its server, values and counters to whoever asks for {@link #readings}, other times nowhere. Ratis times
 * about ten steps of every entry, into structures that cost more than the steps; what operators need of them is measured by this package.
 *
 * <p>Ratis finds this class by itself, through {@code META-INF/services}, once for a process; servers of one process are told apart by
 * the identity under which they register. Any thread.
 */
public final class EngineMeters extends MetricRegistries {
    private static final String FSYNC_TIMER = "syncTime";
    private static final Timekeeper.Context UNTIMED = () -> 0;
    private static final Map<String, Member> SERVERS = new ConcurrentHashMap<>();

    /**
     * A value that Ratis keeps.
     *
     * @param part of Ratis, {@code log_worker} for example
     * @param name as Ratis calls it
     */
    public record Reading(String part, String name) {}

    /** What a member wants to be told, and what Ratis keeps of it. */
    private record Member(LongConsumer syncNanos, Map<Reading, DoubleSupplier> readings) {}

    private final Map<MetricRegistryInfo, RatisMetricRegistry> registries = new ConcurrentHashMap<>();

    /** For Ratis's service loader. */
    public EngineMeters() {}

    /** From now on fsyncs of this member of a group are told here; before its log is opened. */
    static void register(String groupMember, LongConsumer syncNanos) {
        SERVERS.put(groupMember, new Member(syncNanos, new ConcurrentHashMap<>()));
    }

    static void unregister(String groupMember, LongConsumer syncNanos) {
        SERVERS.computeIfPresent(groupMember, (id, member) -> member.syncNanos == syncNanos ? null : member);
    }

    /** What Ratis keeps of this member of a group now. A value that cannot be told at the moment is not a number. */
    static Map<Reading, DoubleSupplier> readings(String groupMember) {
        Member member = SERVERS.get(groupMember);
        return member == null ? Map.of() : Map.copyOf(member.readings);
    }

    @Override
    public void clear() {
        registries.clear();
    }

    @Override
    public RatisMetricRegistry create(MetricRegistryInfo info) {
        return registries.computeIfAbsent(info, Registry::new);
    }

    @Override
    public boolean remove(MetricRegistryInfo key) {
        Member member = SERVERS.get(key.getPrefix());
        if (member != null) {
            member.readings.keySet().removeIf(reading -> reading.part.equals(key.getMetricsComponentName()));
        }
        return registries.remove(key) != null;
    }

    @Override
    public Optional<RatisMetricRegistry> get(MetricRegistryInfo info) {
        return Optional.ofNullable(registries.get(info));
    }

    @Override
    public Set<MetricRegistryInfo> getMetricRegistryInfos() {
        return Set.copyOf(registries.keySet());
    }

    @Override
    public Collection<RatisMetricRegistry> getMetricRegistries() {
        return Set.copyOf(registries.values());
    }

    /** There is nothing to report: nobody is called. */
    @Override
    public void addReporterRegistration(
            Consumer<RatisMetricRegistry> reporterRegistration, Consumer<RatisMetricRegistry> stopReporter) {}

    /** There is nothing to report. */
    @Override
    public void enableJmxReporter() {}

    /** There is nothing to report. */
    @Override
    public void enableConsoleReporter(TimeDuration consoleReportRate) {}

    /** The meters of one part of Ratis. */
    private static final class Registry implements RatisMetricRegistry {
        private final MetricRegistryInfo info;
        private final Map<String, Counter> counters = new ConcurrentHashMap<>();

        Registry(MetricRegistryInfo info) {
            this.info = info;
        }

        @Override
        public Timekeeper timer(String name) {
            Member member = name.equals(FSYNC_TIMER) ? SERVERS.get(info.getPrefix()) : null;
            return member == null ? () -> UNTIMED : () -> timed(member.syncNanos);
        }

        private static Timekeeper.Context timed(LongConsumer syncNanos) {
            long begun = System.nanoTime();
            return () -> {
                long nanos = System.nanoTime() - begun;
                syncNanos.accept(nanos);
                return nanos;
            };
        }

        @Override
        public LongCounter counter(String name) {
            Counter counter = counters.computeIfAbsent(name, key -> new Counter());
            keep(name, counter::getCount);
            return counter;
        }

        @Override
        public boolean remove(String name) {
            Member member = SERVERS.get(info.getPrefix());
            counters.remove(name);
            return member != null && member.readings.remove(reading(name)) != null;
        }

        @Override
        public <T> void gauge(String name, Supplier<Supplier<T>> gaugeSupplier) {
            Supplier<T> value = gaugeSupplier.get();
            keep(name, () -> number(value));
        }

        private void keep(String name, DoubleSupplier value) {
            Member member = SERVERS.get(info.getPrefix());
            if (member != null) {
                member.readings.put(reading(name), value);
            }
        }

        private Reading reading(String name) {
            return new Reading(info.getMetricsComponentName(), name);
        }

        private static double number(Supplier<?> value) {
            try {
                Object told = value.get();
                return told instanceof Number number ? number.doubleValue() : Double.NaN;
            } catch (RuntimeException e) {
                return Double.NaN; // of a part of Ratis that is ending
            }
        }

        @Override
        public MetricRegistryInfo getMetricRegistryInfo() {
            return info;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Registry registry && registry.info.equals(info);
        }

        @Override
        public int hashCode() {
            return info.hashCode();
        }
    }

    /** A counter, because Ratis may read what it counted. */
    private static final class Counter implements LongCounter {
        private final LongAdder count = new LongAdder();

        @Override
        public void inc(long n) {
            count.add(n);
        }

        @Override
        public void dec(long n) {
            count.add(-n);
        }

        @Override
        public long getCount() {
            return count.sum();
        }
    }
}
