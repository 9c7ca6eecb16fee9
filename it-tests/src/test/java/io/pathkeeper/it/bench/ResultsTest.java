package io.pathkeeper.it.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

@Timeout(30)
class ResultsTest {
    @TempDir
    Path directory;

    @Test
    void thePageTellsTheFactsTheTableAndTheCharts() throws Exception {
        Map<Comparison.Key, Map<String, Cell>> cells = new LinkedHashMap<>();
        for (int outstanding : List.of(1, 128)) {
            Map<String, Cell> stores = new LinkedHashMap<>();
            stores.put("Pathkeeper", ComparisonTest.cell(ComparisonTest.sample(1_000 * outstanding, 2, 1)));
            stores.put("etcd", ComparisonTest.cell(ComparisonTest.sample(500 * outstanding, 2, 1)));
            cells.put(new Comparison.Key(Workload.GET_LIN, outstanding, 0), stores);
            cells.put(new Comparison.Key(Workload.SET, outstanding, 500), stores);
        }
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("machine", "a large one");
        facts.put("commit", "abc");

        new Results(cells, new TrialResults(), Set.of("etcd")).write(directory.resolve("new"), facts);

        assertThat(Files.readString(directory.resolve("new/RESULTS.md")))
                .contains("- machine: a large one\n- commit: abc\n")
                .contains("| get-lin | 128 | Pathkeeper | **128,000** |", "| 2.00, ")
                .contains("](get-lin.svg)", "](set-at-500.svg)");
        assertThat(bars(parsed(directory.resolve("new/get-lin.svg")))).hasSize(4);
        assertThat(bars(parsed(directory.resolve("new/set-at-500.svg")))).hasSize(4);
    }

    @Test
    void trialsHaveATableOfTheirOwnAndChartsOfTheirMainFigures() throws Exception {
        TrialResults trials = new TrialResults();
        for (int observers : List.of(1, 1_000)) {
            Trial trial = TrialResultsTest.trial("observe at 100/s", observers + " observers");
            trials.add(trial, "Pathkeeper", Map.of(ObserveTrial.DELAY_P99, 10.0, ObserveTrial.MISSING, 0.0));
            trials.add(trial, "etcd", Map.of(ObserveTrial.DELAY_P99, 40.0, ObserveTrial.MISSING, 0.0));
        }
        Results results = new Results(Map.of(), trials, Set.of("etcd"));

        results.write(directory, Map.of());

        assertThat(Files.readString(directory.resolve("RESULTS.md")))
                .doesNotContain("outstanding | store")
                .contains("| observe at 100/s, 1000 observers | delay p99, ms | Pathkeeper | **10.00** |", "| 0.25 |")
                .contains("](observe-at-100-s-delay-p99-ms.svg)");
        assertThat(bars(parsed(directory.resolve("observe-at-100-s-delay-p99-ms.svg"))))
                .hasSize(4);
        assertThat(results.json())
                .startsWith("[\n{\"store\":")
                .endsWith("}\n]\n")
                .doesNotContain(",,");
        assertThat(new Results(Map.of(), new TrialResults(), Set.of()).json()).isEqualTo("[\n\n]\n");
    }

    @Test
    void barsAreAsHighAsTheirValues() throws Exception {
        BarChart chart = new BarChart(
                "a < b & c",
                List.of(new BarChart.Group(
                        "1", List.of(new BarChart.Bar("x", 50, 50, 100), new BarChart.Bar("y", 25, 20, 30)))));

        List<Double> heights = bars(parsed(Files.writeString(directory.resolve("chart.svg"), chart.svg())));

        assertThat(heights).containsExactly(110.0, 55.0); // of 220 for the highest end of a spread
        assertThat(chart.svg()).contains(">a &lt; b &amp; c<");
    }

    @Test
    void nothingMeasuredIsAnEmptyChart() throws Exception {
        Path file = Files.writeString(directory.resolve("empty.svg"), new BarChart("none", List.of()).svg());

        assertThat(bars(parsed(file))).isEmpty();
        assertThat(Files.readString(file)).doesNotContain("NaN");
    }

    @Test
    void factsAreOfTheMachineAndTheCommandAsItWasGiven() throws Exception {
        List<String> arguments = List.of(
                "--server-jar",
                "/a.jar",
                "--directory",
                "/d",
                "--repository",
                "/r",
                "--commit",
                "c1",
                "--against",
                "etcd",
                "--rate",
                "5");

        Map<String, String> facts = RunFacts.gather("c1", arguments);

        assertThat(facts.get("machine"))
                .contains(Runtime.getRuntime().availableProcessors() + " cores", "kB of memory");
        assertThat(facts).containsEntry("commit", "c1");
        assertThat(facts).containsEntry("command", "`it-tests/bin/bench --against etcd --rate 5`");
        assertThat(RunFacts.gather("", arguments)).containsEntry("commit", "unknown");
        assertThat(RunFacts.field("a: 1\nmodel name\t: fast one\n", "model name", "none"))
                .isEqualTo("fast one");
        assertThat(RunFacts.field("", "model name", "none")).isEqualTo("none");
    }

    private static Document parsed(Path file) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
    }

    /** Heights of the bars, without the ground and the legend. */
    private static List<Double> bars(Document picture) {
        var boxes = picture.getElementsByTagName("rect");
        return java.util.stream.IntStream.range(0, boxes.getLength())
                .mapToObj(i -> (Element) boxes.item(i))
                .filter(box -> box.getAttribute("width").equals("24.0"))
                .map(box -> Double.valueOf(box.getAttribute("height")))
                .toList();
    }
}
