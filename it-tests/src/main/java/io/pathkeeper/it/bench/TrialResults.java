package io.pathkeeper.it.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Collectors;

/** What the trials told: every value of every run, by trial, figure and store. Used by one thread. */
final class TrialResults {
    private record Key(String workload, String variant) {
        String label() {
            return variant.isEmpty() ? workload : workload + ", " + variant;
        }
    }

    private final Map<Key, Map<Figure, Map<String, List<Double>>>> values = new LinkedHashMap<>();

    boolean isEmpty() {
        return values.isEmpty();
    }

    /** Adds what one run told of one store. */
    void add(Trial trial, String store, Map<Figure, Double> figures) {
        Map<Figure, Map<String, List<Double>>> ofTrial =
                values.computeIfAbsent(new Key(trial.workload(), trial.variant()), key -> new LinkedHashMap<>());
        figures.forEach((figure, value) -> ofTrial.computeIfAbsent(figure, f -> new LinkedHashMap<>())
                .computeIfAbsent(store, s -> new ArrayList<>())
                .add(value));
    }

    /** One line for a run, for the eyes of who waits. */
    static String line(Trial trial, String store, Map<Figure, Double> figures) {
        return store + " " + new Key(trial.workload(), trial.variant()).label() + ": "
                + figures.entrySet().stream()
                        .map(entry -> entry.getKey().label() + " "
                                + number(entry.getValue(), entry.getKey().decimals()))
                        .collect(Collectors.joining(", "));
    }

    /**
     * A table with a line for each figure and store. The last column is the store's median beside that of the better peer, or without peers of the last store.
     *
     * @param peers names of the stores to compare with
     */
    String markdown(Set<String> peers) {
        StringBuilder text = new StringBuilder("| workload | figure | store | median | min–max (runs) | ratio |\n");
        text.append("|---|---|---|---|---|---|\n");
        values.forEach((key, figures) -> figures.forEach((figure, stores) -> stores.forEach((store, runs) -> {
            Spread spread = Spread.of(runs);
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | **%s** | %s–%s (%d) | %s |%n",
                    key.label(),
                    figure.label(),
                    store,
                    number(spread.median(), figure.decimals()),
                    number(spread.least(), figure.decimals()),
                    number(spread.most(), figure.decimals()),
                    spread.count(),
                    ratio(figure, stores, spread.median(), peers)));
        })));
        return text.toString();
    }

    private static String ratio(Figure figure, Map<String, List<Double>> stores, double median, Set<String> peers) {
        if (figure.better() == Figure.Better.NEITHER) {
            return "";
        }
        List<String> names = List.copyOf(stores.keySet());
        List<String> references = names.stream().filter(peers::contains).toList();
        if (references.isEmpty()) {
            references = names.subList(names.size() - 1, names.size());
        }
        DoubleBinaryOperator best = figure.better() == Figure.Better.MORE ? Math::max : Math::min;
        double reference = references.stream()
                .mapToDouble(
                        name -> Spread.of(stores.getOrDefault(name, List.of())).median())
                .reduce(best)
                .orElse(Double.NaN);
        double ratio = median / reference;
        return Double.isFinite(ratio) ? number(ratio, 2) : "";
    }

    /** Every run's value of every figure as an object; joined by commas, without brackets around. */
    String json() {
        List<String> lines = new ArrayList<>();
        values.forEach((key, figures) ->
                figures.forEach((figure, stores) -> stores.forEach((store, runs) -> lines.add(String.format(
                        Locale.ROOT,
                        "{\"store\":\"%s\",\"workload\":\"%s\",\"variant\":\"%s\",\"figure\":\"%s\",\"runs\":[%s]}",
                        store,
                        key.workload(),
                        key.variant(),
                        figure.label(),
                        runs.stream()
                                .map(value -> String.format(Locale.ROOT, "%.6f", value))
                                .collect(Collectors.joining(",")))))));
        return String.join(",\n", lines);
    }

    /** Charts of the figures that have one, by the names of their files, without ending. */
    Map<String, BarChart> charts() {
        Map<String, String> titles = new LinkedHashMap<>();
        Map<String, List<BarChart.Group>> groups = new LinkedHashMap<>();
        values.forEach((key, figures) -> figures.forEach((figure, stores) -> {
            if (figure.charted()) {
                List<BarChart.Bar> bars = new ArrayList<>();
                stores.forEach((store, runs) -> bars.add(BarChart.bar(store, Spread.of(runs))));
                String title = key.workload() + ": " + figure.label();
                String file = title.replaceAll("[^A-Za-z0-9]+", "-");
                titles.put(file, title);
                groups.computeIfAbsent(file, f -> new ArrayList<>()).add(new BarChart.Group(key.variant(), bars));
            }
        }));
        Map<String, BarChart> charts = new LinkedHashMap<>();
        titles.forEach((file, title) -> charts.put(file, new BarChart(title, groups.getOrDefault(file, List.of()))));
        return charts;
    }

    private static String number(double value, int decimals) {
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
}
