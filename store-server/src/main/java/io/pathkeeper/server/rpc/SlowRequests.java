package io.pathkeeper.server.rpc;

import io.pathkeeper.server.metrics.RpcMeters;
import io.pathkeeper.server.store.ProposalTimes;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Counts requests that took longer than the limit, and tells of them where the time went: one line a second at most, which says how many
 * were left out since the one before.
 *
 * <p>Any thread. A request that is quick costs a comparison.
 */
final class SlowRequests {
    static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Logger LOG = LoggerFactory.getLogger(SlowRequests.class);

    private final long limitNanos;
    private final RpcMeters meters;
    // under the monitor
    private boolean said;
    private long lineNanos;
    private long leftOut;

    SlowRequests(Duration limit, RpcMeters meters) {
        limitNanos = limit.toNanos();
        this.meters = meters;
    }

    boolean isSlow(long nanos) {
        return nanos > limitNanos;
    }

    /** A write was slow; without times when it was refused, or failed, or another server knows them. */
    void write(String method, long begunNanos, long endedNanos, @Nullable ProposalTimes times) {
        report(method, begunNanos, endedNanos, times, 0);
    }

    /**
     * A call was slow.
     *
     * @param viewNanos when a read got the view that it was answered from, 0 when the call is none
     */
    void report(String method, long begunNanos, long endedNanos, @Nullable ProposalTimes times, long viewNanos) {
        meters.slowRequest();
        long before;
        synchronized (this) {
            if (said && endedNanos - lineNanos < LINE_NANOS) {
                leftOut++;
                return;
            }
            said = true;
            lineNanos = endedNanos;
            before = leftOut;
            leftOut = 0;
        }
        LoggingEventBuilder line = LOG.atWarn()
                .addKeyValue("method", method)
                .addKeyValue("total_ms", TimeUnit.NANOSECONDS.toMillis(endedNanos - begunNanos));
        if (times != null) {
            long sync = times.syncNanos();
            line = phase(line, "queue_ms", times.sentNanos() - begunNanos);
            line = phase(line, "fsync_ms", sync);
            line = phase(line, "replicate_ms", times.committedNanos() - times.sentNanos() - sync);
            line = phase(line, "apply_ms", times.appliedNanos() - times.committedNanos());
            line = phase(line, "answer_ms", endedNanos - times.appliedNanos());
        } else if (viewNanos != 0) {
            line = phase(line, "wait_ms", viewNanos - begunNanos);
            line = phase(line, "answer_ms", endedNanos - viewNanos);
        }
        line.addKeyValue("left_out", before).log("slow request");
    }

    private static LoggingEventBuilder phase(LoggingEventBuilder line, String name, long nanos) {
        return line.addKeyValue(name, TimeUnit.NANOSECONDS.toMillis(Math.max(0, nanos)));
    }

    /** Says how many were left out when no line has said so for a while. Called every few seconds. */
    void sweep(long nowNanos) {
        long count;
        synchronized (this) {
            if (leftOut == 0 || nowNanos - lineNanos < LINE_NANOS) {
                return;
            }
            count = leftOut;
            leftOut = 0;
        }
        LOG.atWarn()
                .addKeyValue("left_out", count)
                .log("more slow requests, without a line; pathkeeper_slow_requests_total counts all");
    }
}
