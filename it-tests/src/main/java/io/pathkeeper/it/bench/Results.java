package io.pathkeeper.it.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes what a run showed as a page that others can judge and repeat: {@code RESULTS.md} and a chart for each workload. */
final class Results {
    private final Map<Comparison.Key, Map<String, Cell>> cells;
    private final TrialResults trials;
    private final Set<String> peers;

    Results(Map<Comparison.Key, Map<String, Cell>> cells, TrialResults trials, Set<String> peers) {
        this.cells = cells;
        this.trials = trials;
        this.peers = peers;
    }

    /**
     * Writes the files; those of an earlier run are replaced.
     *
     * @param directory is made if it is not there
     * @param facts of the run, such as machine, commit and command, in the order in which they are told
     */
    void write(Path directory, Map<String, String> facts) throws IOException {
        Files.createDirectories(directory);
        StringBuilder page = new StringBuilder("# What the benchmark showed\n\n");
        facts.forEach((name, value) ->
                page.append("- ").append(name).append(": ").append(value).append('\n'));
        page.append("\nMedians of the runs, with the least and the most; the line on a bar is that spread. "
                + "The last column is each store beside the better peer in that figure.\n\n");
        page.append(tables());
        for (Map.Entry<String, BarChart> chart : charts().entrySet()) {
            String file = chart.getKey() + ".svg";
            Files.writeString(directory.resolve(file), chart.getValue().svg());
            page.append("\n![")
                    .append(chart.getValue().title())
                    .append("](")
                    .append(file)
                    .append(")\n");
        }
        Files.writeString(directory.resolve("RESULTS.md"), page.toString());
    }

    /** The tables of what was run, in Markdown. */
    String tables() {
        String loads = cells.isEmpty() ? "" : Report.markdown(cells, peers);
        String between = cells.isEmpty() || trials.isEmpty() ? "" : "\n";
        return loads + between + (trials.isEmpty() ? "" : trials.markdown(peers));
    }

    /** Every sample, and every figure of every trial, as an object in one array. */
    String json() {
        return Stream.of(Report.json(cells), trials.json())
                .filter(objects -> !objects.isEmpty())
                .collect(Collectors.joining(",\n", "[\n", "\n]\n"));
    }

    /** Charts by the names of their files, without ending. */
    private Map<String, BarChart> charts() {
        Map<String, List<Comparison.Key>> byWorkload = new LinkedHashMap<>();
        cells.keySet()
                .forEach(key -> byWorkload
                        .computeIfAbsent(key.label(), label -> new ArrayList<>())
                        .add(key));
        Map<String, BarChart> charts = new TreeMap<>();
        byWorkload.forEach((label, keys) -> {
            List<BarChart.Group> groups = keys.stream().map(this::group).toList();
            charts.put(
                    label.replace("/s", "").replace(' ', '-'),
                    new BarChart(label + ": operations per second by calls outstanding", groups));
        });
        charts.putAll(trials.charts());
        return charts;
    }

    private BarChart.Group group(Comparison.Key key) {
        List<BarChart.Bar> bars = new ArrayList<>();
        cells.getOrDefault(key, Map.of())
                .forEach((name, cell) -> bars.add(BarChart.bar(name, cell.spread(Sample::perSecond))));
        return new BarChart.Group(Integer.toString(key.outstanding()), bars);
    }
}
