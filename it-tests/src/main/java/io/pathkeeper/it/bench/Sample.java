package io.pathkeeper.it.bench;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What one run showed.
 *
 * @param latencies of the answered calls, in microseconds
 * @param seconds length of the measured phase
 * @param serverSeconds processor time of all servers in it
 * @param clientSeconds processor time of this process in it
 * @param failedCount calls that failed in it
 * @param firstError text of the first failure; null when there was none
 */
record Sample(
        Histogram latencies,
        double seconds,
        double serverSeconds,
        double clientSeconds,
        long failedCount,
        @Nullable String firstError) {

    double perSecond() {
        return latencies.getTotalCount() / seconds;
    }

    double millisAt(double percentile) {
        return latencies.getValueAtPercentile(percentile) / 1e3;
    }

    /** Processor seconds of the servers for 1,000 calls. */
    double serverSecondsPerThousand() {
        return serverSeconds * 1_000 / Math.max(1, latencies.getTotalCount());
    }

    /** Processor seconds of the client for 1,000 calls. */
    double clientSecondsPerThousand() {
        return clientSeconds * 1_000 / Math.max(1, latencies.getTotalCount());
    }
}
