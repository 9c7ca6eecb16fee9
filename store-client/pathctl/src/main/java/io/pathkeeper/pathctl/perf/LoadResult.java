package io.pathkeeper.pathctl.perf;

import org.HdrHistogram.Histogram;

/**
 * What one measured phase found.
 *
 * @param operationCount calls that ended well
 * @param errorCount calls that ended badly
 * @param firstError the first of those in words; empty when there was none
 * @param elapsedNanos length of the phase
 * @param cpuNanos CPU time that this process used meanwhile, all threads
 * @param latencyMicros time from start to answer of the calls that ended well, microseconds
 */
public record LoadResult(
        long operationCount,
        long errorCount,
        String firstError,
        long elapsedNanos,
        long cpuNanos,
        Histogram latencyMicros) {
    /** Returns calls per second. */
    public double perSecond() {
        return operationCount / (elapsedNanos / 1e9);
    }

    /** Returns the milliseconds within which {@code percentile} percent of the calls were answered. */
    public double millisAt(double percentile) {
        return latencyMicros.getValueAtPercentile(percentile) / 1000.0;
    }

    /** Returns the longest time in milliseconds. */
    public double maxMillis() {
        return latencyMicros.getMaxValue() / 1000.0;
    }

    /** Returns the CPU seconds of this process for 1,000 calls. */
    public double cpuSecondsPerThousand() {
        return operationCount == 0 ? 0 : cpuNanos / 1e9 / (operationCount / 1000.0);
    }
}
