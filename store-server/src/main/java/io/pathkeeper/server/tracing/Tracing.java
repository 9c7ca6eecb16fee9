package io.pathkeeper.server.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.pathkeeper.server.config.ServerConfig;
import io.pathkeeper.server.store.ProposalTimes;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Makes the span of a call when the call has ended, with one below it for each phase whose time is known, and sends spans by OTLP over HTTP from a
 * thread of its own. A call is traced when its client's {@code traceparent} says so, or by the dice of the configuration when the client has none.
 *
 * <p>Spans that wait to be sent are bounded; what is above that, and what the collector does not take, is counted. Without an endpoint
 * a call costs one comparison.
 */
public final class Tracing implements AutoCloseable {
    /** Traces nothing. */
    public static final Tracing OFF = new Tracing(null, null, 0);

    /** Header of the trace context. */
    public static final String PARENT = "traceparent";

    /** Header of what tracing systems add to it. */
    public static final String STATE = "tracestate";

    static final int MOST_WAITING = 2_000;
    private static final int MOST_SPANS_OF_A_CALL = 6;
    private static final int MILLION = 1_000_000;
    private static final Duration SEND_LIMIT = Duration.ofSeconds(5);
    private static final Duration PACE = Duration.ofSeconds(1);
    private static final long STOP_SECONDS = 2;
    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("rpc.system");
    private static final AttributeKey<String> SERVICE = AttributeKey.stringKey("rpc.service");
    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("rpc.method");
    private static final AttributeKey<String> CODE = AttributeKey.stringKey("rpc.grpc.status");
    /** Held, as the JDK forgets the levels of loggers that nobody holds. {@link CountingExporter} tells of failures, in the server's own log. */
    private static final Logger NOISE = Logger.getLogger("io.opentelemetry");

    private static final TextMapGetter<UnaryOperator<@Nullable String>> HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(UnaryOperator<@Nullable String> headers) {
            return List.of(PARENT, STATE);
        }

        @Override
        public @Nullable String get(@Nullable UnaryOperator<@Nullable String> headers, String name) {
            return headers == null ? null : headers.apply(name);
        }
    };

    private final @Nullable SdkTracerProvider provider;
    private final @Nullable CountingExporter exporter;
    private final @Nullable Tracer tracer;
    private final int perMillion;

    private Tracing(@Nullable SdkTracerProvider provider, @Nullable CountingExporter exporter, int perMillion) {
        this.provider = provider;
        this.exporter = exporter;
        this.perMillion = perMillion;
        this.tracer = provider == null ? null : provider.get("io.pathkeeper.server");
    }

    /** Makes what the configuration asks for; {@link #OFF} without an endpoint. */
    public static Tracing of(ServerConfig.Tracing config, String version, String cluster, String memberId) {
        if (config.endpoint().isEmpty()) {
            return OFF;
        }
        NOISE.setLevel(Level.OFF);
        CountingExporter exporter = new CountingExporter(
                config.endpoint(),
                OtlpHttpSpanExporter.builder()
                        .setEndpoint(config.endpoint())
                        .setTimeout(SEND_LIMIT)
                        .build());
        Resource resource = Resource.create(Attributes.builder()
                .put("service.name", "pathkeeper")
                .put("service.version", version)
                .put("service.namespace", cluster)
                .put("service.instance.id", memberId)
                .build());
        SdkTracerProvider provider = SdkTracerProvider.builder()
                .setResource(resource)
                .setSampler(Sampler.alwaysOn()) // begin() has decided
                .addSpanProcessor(BatchSpanProcessor.builder(exporter)
                        .setMaxQueueSize(MOST_WAITING + MOST_SPANS_OF_A_CALL)
                        .setScheduleDelay(PACE)
                        .setExporterTimeout(SEND_LIMIT)
                        .build())
                .build();
        return new Tracing(provider, exporter, config.perMillion());
    }

    /** Whether any call is traced. */
    public boolean isOn() {
        return tracer != null;
    }

    /**
     * Says at the beginning of a call whether it is traced.
     *
     * @param header returns a header of the call by its name, or null
     * @return what {@link #end} needs; null when the call is not traced
     */
    public @Nullable Trace begin(UnaryOperator<@Nullable String> header) {
        if (tracer == null) {
            return null;
        }
        Context parent = W3CTraceContextPropagator.getInstance().extract(Context.root(), header, HEADERS);
        SpanContext caller = Span.fromContext(parent).getSpanContext();
        boolean traced = caller.isValid()
                ? caller.isSampled()
                : perMillion > 0 && ThreadLocalRandom.current().nextInt(MILLION) < perMillion;
        return traced ? new Trace(parent) : null;
    }

    /** A call that is traced. */
    public static final class Trace {
        private final Context parent;

        private Trace(Context parent) {
            this.parent = parent;
        }
    }

    /**
     * Makes the spans of a call that has ended; times by {@link System#nanoTime()}.
     *
     * @param method full name
     * @param code name of the gRPC status
     * @param times of a write whose way this server saw, else null
     * @param viewNanos when a read got the view that it was answered from; 0 when the call is none
     */
    public void end(
            Trace trace,
            String method,
            String code,
            long begunNanos,
            long endedNanos,
            @Nullable ProposalTimes times,
            long viewNanos) {
        Tracer by = tracer;
        CountingExporter to = exporter;
        if (by == null || to == null || !to.enter(1 + phases(times, viewNanos))) {
            return;
        }
        long epoch = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - System.nanoTime();
        int slash = method.indexOf('/');
        Span call = by.spanBuilder(method)
                .setParent(trace.parent)
                .setSpanKind(SpanKind.SERVER)
                .setStartTimestamp(epoch + begunNanos, TimeUnit.NANOSECONDS)
                .setAttribute(SYSTEM, "grpc")
                .setAttribute(SERVICE, slash < 0 ? "" : method.substring(0, slash))
                .setAttribute(METHOD, method.substring(slash + 1))
                .setAttribute(CODE, code)
                .startSpan();
        if (isFault(code)) {
            call.setStatus(StatusCode.ERROR, code.toLowerCase(Locale.ROOT));
        }
        Context below = trace.parent.with(call);
        if (times != null) {
            long fsynced = times.sentNanos() + times.syncNanos();
            phase(by, below, "queue", epoch, begunNanos, times.sentNanos());
            phase(by, below, "fsync", epoch, times.sentNanos(), fsynced);
            phase(by, below, "replicate", epoch, fsynced, times.committedNanos());
            phase(by, below, "apply", epoch, times.committedNanos(), times.appliedNanos());
            phase(by, below, "answer", epoch, times.appliedNanos(), endedNanos);
        } else if (viewNanos != 0) {
            phase(by, below, "wait", epoch, begunNanos, viewNanos);
            phase(by, below, "answer", epoch, viewNanos, endedNanos);
        }
        call.end(epoch + endedNanos, TimeUnit.NANOSECONDS);
    }

    private static int phases(@Nullable ProposalTimes times, long viewNanos) {
        return times != null ? 5 : viewNanos != 0 ? 2 : 0;
    }

    private static void phase(Tracer by, Context parent, String name, long epoch, long from, long to) {
        by.spanBuilder(name)
                .setParent(parent)
                .setStartTimestamp(epoch + from, TimeUnit.NANOSECONDS)
                .startSpan()
                .end(epoch + Math.max(from, to), TimeUnit.NANOSECONDS);
    }

    /** Refusals are answers; these are faults of the server's side. */
    private static boolean isFault(String code) {
        return switch (code) {
            case "UNKNOWN", "DEADLINE_EXCEEDED", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS" -> true;
            default -> false;
        };
    }

    /** Spans that the collector took. */
    public long exported() {
        return exporter == null ? 0 : exporter.exported();
    }

    /** Spans that were sent and not taken. */
    public long failed() {
        return exporter == null ? 0 : exporter.failed();
    }

    /** Spans that were not made, since too many wait to be sent. */
    public long dropped() {
        return exporter == null ? 0 : exporter.dropped();
    }

    /** Sends what waits, for two seconds at most. */
    @Override
    public void close() {
        if (provider != null) {
            provider.shutdown().join(STOP_SECONDS, TimeUnit.SECONDS);
        }
    }
}
