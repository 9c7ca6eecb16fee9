package io.pathkeeper.server.tracing;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what becomes of spans, keeps those that wait within bounds, and tells at most once a minute that they cannot be sent. Any thread. */
final class CountingExporter implements SpanExporter {
    private static final Logger LOG = LoggerFactory.getLogger(CountingExporter.class);
    private static final long LINE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final String endpoint;
    private final SpanExporter sender;
    private final AtomicLong waiting = new AtomicLong();
    private final AtomicLong exported = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong nextLine = new AtomicLong(System.nanoTime());

    CountingExporter(String endpoint, SpanExporter sender) {
        this.endpoint = endpoint;
        this.sender = sender;
    }

    /** Counts spans that are about to be made; returns false, and counts them as dropped, when there is no room. */
    boolean enter(int spans) {
        if (waiting.addAndGet(spans) <= Tracing.MOST_WAITING) {
            return true;
        }
        waiting.addAndGet(-spans);
        dropped.addAndGet(spans);
        return false;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        int count = spans.size();
        CompletableResultCode sent = sender.export(spans);
        sent.whenComplete(() -> {
            waiting.addAndGet(-count);
            if (sent.isSuccess()) {
                exported.addAndGet(count);
            } else {
                failed.addAndGet(count);
                complain();
            }
        });
        return sent;
    }

    private void complain() {
        long due = nextLine.get();
        long now = System.nanoTime();
        if (now - due >= 0 && nextLine.compareAndSet(due, now + LINE_NANOS)) {
            LOG.atWarn()
                    .addKeyValue("endpoint", endpoint)
                    .addKeyValue("failed", failed.get())
                    .log("spans could not be sent; pathkeeper_trace_spans_total counts");
        }
    }

    long exported() {
        return exported.get();
    }

    long failed() {
        return failed.get();
    }

    long dropped() {
        return dropped.get();
    }

    @Override
    public CompletableResultCode flush() {
        return sender.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return sender.shutdown();
    }
}
