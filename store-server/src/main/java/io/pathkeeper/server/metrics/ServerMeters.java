package io.pathkeeper.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Info;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleSupplier;

/**
 * All meters of one server. One instance for each server: nothing is shared with another server in the same process except what
 * the JVM's own meters tell of.
 *
 * <p>Other packages get one of the small interfaces ({@link #raft()}, {@link #observe()}, {@link #rpc()}); the composition root
 * adds gauges with {@link #gauge}. Any thread.
 */
public final class ServerMeters implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics gc = new JvmGcMetrics();
    private final RaftMeters raft = new RegisteredRaftMeters(this);
    private final ObserveMeters observe = new RegisteredObserveMeters(this);
    private final SessionMeters sessions = new RegisteredSessionMeters(this);
    private final AuthMeters auth = new RegisteredAuthMeters(this);
    private final AuditMeters audit = new RegisteredAuditMeters(this);
    private final BackupMeters backups = new RegisteredBackupMeters(this);
    private final RpcMeters rpc;
    private final Timer pauses =
            timer(MeterNames.JVM_PAUSE, "Times in which the whole process stood still", Tags.empty());

    /**
     * Makes the meters.
     *
     * @param version version of the server, for the build information
     * @param commit that it was built from, likewise
     * @param methods full names of the gRPC methods that are counted by name
     */
    public ServerMeters(String version, String commit, Set<String> methods) {
        rpc = new RegisteredRpcMeters(this, methods);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        gc.bindTo(registry);
        // an info metric, which Micrometer does not have: its gauges lose the suffix
        Info.builder()
                .name(MeterNames.BUILD_INFO)
                .help("Version of the server, and the commit that it was built from")
                .labelNames("version", "commit")
                .register(registry.getPrometheusRegistry())
                .setLabelValues(version, commit);
    }

    /** For the Raft side. */
    public RaftMeters raft() {
        return raft;
    }

    /** For observations. */
    public ObserveMeters observe() {
        return observe;
    }

    /** For sessions. */
    public SessionMeters sessions() {
        return sessions;
    }

    /** For authentication and authorisation. */
    public AuthMeters auth() {
        return auth;
    }

    /** For the audit log. */
    public AuditMeters audit() {
        return audit;
    }

    /** For the backups. */
    public BackupMeters backups() {
        return backups;
    }

    /** For the gRPC side. */
    public RpcMeters rpc() {
        return rpc;
    }

    /** The whole process stood still for so long. */
    public void paused(Duration time) {
        pauses.record(time);
    }

    /** Adds a value that is asked for at every scrape; the supplier must not block. */
    public void gauge(String name, String description, DoubleSupplier value) {
        Gauge.builder(name, value::getAsDouble)
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    /** Adds a value, one of several of the same name that a label tells apart. */
    public void gauge(String name, String description, String label, String labelValue, DoubleSupplier value) {
        Gauge.builder(name, value::getAsDouble)
                .description(description)
                .tags(Tags.of(label, labelValue))
                .strongReference(true)
                .register(registry);
    }

    /** Takes a value or a count out that was added with a label. */
    public void remove(String name, String label, String labelValue) {
        Meter found = registry.find(name).tag(label, labelValue).meter();
        if (found != null) {
            registry.remove(found);
        }
    }

    /** Adds a value, one of several of the same name that these labels tell apart. */
    public void gauge(String name, String description, Map<String, String> labels, DoubleSupplier value) {
        Gauge.builder(name, value::getAsDouble)
                .description(description)
                .tags(tags(labels))
                .strongReference(true)
                .register(registry);
    }

    /** Takes a value out that was added with these labels. */
    public void remove(String name, Map<String, String> labels) {
        Meter found = registry.find(name).tags(tags(labels)).meter();
        if (found != null) {
            registry.remove(found);
        }
    }

    private static Tags tags(Map<String, String> labels) {
        Tags tags = Tags.empty();
        for (Map.Entry<String, String> label : labels.entrySet()) {
            tags = tags.and(label.getKey(), label.getValue());
        }
        return tags;
    }

    /** Adds a count that something else keeps and that is asked for at every scrape; the supplier must not block. */
    public void count(String name, String description, DoubleSupplier value) {
        // Micrometer keeps the object weakly and the function strongly: the supplier has to be in the function.
        FunctionCounter.builder(name, this, meters -> value.getAsDouble())
                .description(description)
                .register(registry);
    }

    /** Adds such a count, one of several of the same name that a label tells apart. */
    public void count(String name, String description, String label, String labelValue, DoubleSupplier value) {
        FunctionCounter.builder(name, this, meters -> value.getAsDouble())
                .description(description)
                .tags(Tags.of(label, labelValue))
                .register(registry);
    }

    /** All meters in the text format of Prometheus, version 0.0.4. */
    public String scrape() {
        return registry.scrape();
    }

    MeterRegistry registry() {
        return registry;
    }

    Counter counter(String name, String description, Tags tags) {
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }

    Timer timer(String name, String description, Tags tags) {
        return Timer.builder(name)
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(
                        Duration.ofNanos(500_000),
                        Duration.ofMillis(1),
                        Duration.ofMillis(2),
                        Duration.ofMillis(5),
                        Duration.ofMillis(10),
                        Duration.ofMillis(25),
                        Duration.ofMillis(50),
                        Duration.ofMillis(100),
                        Duration.ofMillis(250),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30))
                .register(registry);
    }

    @Override
    public void close() {
        gc.close();
        registry.close();
    }
}
