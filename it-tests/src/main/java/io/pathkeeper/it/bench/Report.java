package io.pathkeeper.it.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Writes the samples as a Markdown table and as JSON. */
final class Report {

    private Report() {}

    /**
     * A table with a line for each workload and store. The last column compares throughput, p50 and server CPU of the first stores with the best of the peers
     * in each; without peers with the last store.
     *
     * @param peers names of the stores to compare with
     */
    static String markdown(Map<Comparison.Key, Map<String, Cell>> cells, Set<String> peers) {
        StringBuilder text = new StringBuilder();
        text.append("| workload | outstanding | store | ops/s | min–max (runs) | p50 / p99 / p99.9 ms"
                + " | server / client CPU s per 1,000 | failed | ratio: ops/s, p50, server CPU |\n");
        text.append("|---|---|---|---|---|---|---|---|---|\n");
        cells.forEach((key, stores) -> {
            List<Cell> references = references(stores, peers);
            stores.forEach((name, cell) -> text.append(line(key, name, cell, Ratios.of(cell, references))));
        });
        return text.toString();
    }

    private static List<Cell> references(Map<String, Cell> stores, Set<String> peers) {
        List<Cell> references = stores.entrySet().stream()
                .filter(entry -> peers.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        if (!references.isEmpty()) {
            return references;
        }
        List<Cell> all = List.copyOf(stores.values());
        return all.subList(all.size() - 1, all.size());
    }

    private static String line(Comparison.Key key, String name, Cell cell, Ratios ratios) {
        return String.format(
                Locale.ROOT,
                "| %s | %,d | %s | **%,.0f** | %,.0f–%,.0f (%d) | %.2f / %.2f / %.2f | %.4f / %.4f | %d | %.2f, %.2f, %.2f |%n",
                key.label(),
                key.outstanding(),
                name,
                cell.median(Sample::perSecond),
                cell.least(Sample::perSecond),
                cell.most(Sample::perSecond),
                cell.samples().size(),
                cell.median(s -> s.millisAt(50)),
                cell.median(s -> s.millisAt(99)),
                cell.median(s -> s.millisAt(99.9)),
                cell.median(Sample::serverSecondsPerThousand),
                cell.median(Sample::clientSecondsPerThousand),
                cell.failedCount(),
                ratios.throughput(),
                ratios.p50(),
                ratios.serverCpu());
    }

    /** Every sample as an object; joined by commas, without brackets around. */
    static String json(Map<Comparison.Key, Map<String, Cell>> cells) {
        StringBuilder text = new StringBuilder();
        cells.forEach((key, stores) -> stores.forEach((name, cell) -> {
            for (Sample sample : cell.samples()) {
                text.append(text.isEmpty() ? "" : ",\n");
                text.append(String.format(
                        Locale.ROOT,
                        "{\"store\":\"%s\",\"workload\":\"%s\",\"outstanding\":%d,\"seconds\":%.3f,\"calls\":%d,"
                                + "\"failed\":%d,\"ops_per_second\":%.1f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,"
                                + "\"p999_ms\":%.3f,\"server_cpu_seconds\":%.3f,\"client_cpu_seconds\":%.3f}",
                        name,
                        key.label(),
                        key.outstanding(),
                        sample.seconds(),
                        sample.latencies().getTotalCount(),
                        sample.failedCount(),
                        sample.perSecond(),
                        sample.millisAt(50),
                        sample.millisAt(99),
                        sample.millisAt(99.9),
                        sample.serverSeconds(),
                        sample.clientSeconds()));
            }
        }));
        return text.toString();
    }
}
