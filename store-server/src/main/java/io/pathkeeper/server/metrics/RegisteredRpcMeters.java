package io.pathkeeper.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** The meters of the gRPC side in a registry. */
final class RegisteredRpcMeters implements RpcMeters {
    private static final String OTHER = "unknown";

    private final Map<String, Method> methods = new LinkedHashMap<>();
    private final Method other;
    private final LongAdder inflight = new LongAdder();
    private final Map<ReadKind, Counter> reads = new EnumMap<>(ReadKind.class);
    private final Counter operations;
    private final Counter conflicts;
    private final Counter slow;
    private final Map<Caller, Counter> limited = new EnumMap<>(Caller.class);

    RegisteredRpcMeters(ServerMeters meters, Set<String> names) {
        for (String name : new TreeSet<>(names)) {
            methods.put(name, new Method(meters, name));
        }
        other = new Method(meters, OTHER);
        meters.gauge(MeterNames.RPC_INFLIGHT, "Calls that have begun and not ended", inflight::sum);
        for (ReadKind kind : ReadKind.values()) {
            Tags tags = Tags.of("consistency", kind.name().toLowerCase(Locale.ROOT));
            reads.put(kind, meters.counter(MeterNames.READS, "Reads by consistency", tags));
        }
        for (Caller caller : Caller.values()) {
            Tags tags = Tags.of("caller", caller.name().toLowerCase(Locale.ROOT));
            limited.put(
                    caller,
                    meters.counter(
                            MeterNames.RATE_LIMITED,
                            "Calls and messages of pipelines above the limit of a caller",
                            tags));
        }
        operations =
                meters.counter(MeterNames.PIPELINE_OPERATIONS, "Operations that came through pipelines", Tags.empty());
        conflicts = meters.counter(MeterNames.TXN_CONFLICTS, "Writes whose conditions did not hold", Tags.empty());
        slow = meters.counter(
                MeterNames.SLOW_REQUESTS, "Requests that took longer than log.slow_request", Tags.empty());
    }

    @Override
    public void rateLimited(Caller caller) {
        Counter counter = limited.get(caller);
        if (counter != null) {
            counter.increment();
        }
    }

    @Override
    public MethodMeters method(String fullMethodName) {
        Method known = methods.get(fullMethodName);
        return known == null ? other : known;
    }

    @Override
    public void reads(ReadKind kind, int count) {
        Counter counter = reads.get(kind);
        if (counter != null) {
            counter.increment(count);
        }
    }

    @Override
    public void pipelineOperations(int count) {
        operations.increment(count);
    }

    @Override
    public long pipelineOperations() {
        return (long) operations.count();
    }

    @Override
    public List<Calls> calls() {
        return methods.values().stream()
                .map(Method::calls)
                .filter(calls -> calls.ended() > 0)
                .toList();
    }

    @Override
    public void transactionConflicts(int count) {
        conflicts.increment(count);
    }

    @Override
    public void slowRequest() {
        slow.increment();
    }

    private final class Method implements MethodMeters {
        private final ServerMeters meters;
        private final String name;
        private final Timer duration;
        private final Map<String, Counter> codes = new ConcurrentHashMap<>();

        Method(ServerMeters meters, String name) {
            this.meters = meters;
            this.name = name;
            duration = meters.timer(MeterNames.RPC_DURATION, "Time of a call", Tags.of("method", name));
        }

        Calls calls() {
            return new Calls(name, duration.count(), (long) duration.totalTime(TimeUnit.NANOSECONDS));
        }

        @Override
        public void started() {
            inflight.increment();
        }

        @Override
        public void finished(String code, long nanos) {
            inflight.decrement();
            duration.record(nanos, TimeUnit.NANOSECONDS);
            codes.computeIfAbsent(
                            code,
                            c -> meters.counter(
                                    MeterNames.RPC_REQUESTS, "Calls by code", Tags.of("method", name, "code", c)))
                    .increment();
        }
    }
}
