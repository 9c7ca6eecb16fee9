package io.pathkeeper.it.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A store beside the better of its peers, which may be another one for each figure.
 *
 * @param throughput its median calls a second over the highest of theirs: more is better
 * @param p50 its median p50 over the lowest of theirs: less is better
 * @param serverCpu its median processor time of the servers for a call over the lowest of theirs: less is better
 */
record Ratios(double throughput, double p50, double serverCpu) {
    static Ratios of(Cell cell, List<Cell> peers) {
        ToDoubleFunction<Sample> p50 = sample -> sample.millisAt(50);
        return new Ratios(
                cell.median(Sample::perSecond)
                        / peers.stream()
                                .mapToDouble(peer -> peer.median(Sample::perSecond))
                                .max()
                                .orElse(Double.NaN),
                cell.median(p50) / least(peers, p50),
                cell.median(Sample::serverSecondsPerThousand) / least(peers, Sample::serverSecondsPerThousand));
    }

    private static double least(List<Cell> peers, ToDoubleFunction<Sample> figure) {
        return peers.stream().mapToDouble(peer -> peer.median(figure)).min().orElse(Double.NaN);
    }
}
